// Plan -> BPF object. The only folder that sees LLVM.
#pragma once

#include <string>

#include "base/result.h"
#include "diag/source.h"
#include "plan/plan.h"

namespace sonde::codegen {

struct Options {
  bool verify_ir = false;          // --verify-llvm-ir; debug builds always verify.
  bool want_ir = false;            // Fill in Output::ir.
  bool want_optimized_ir = false;  // Fill in Output::optimized_ir.
  bool want_assembly = false;      // Fill in Output::assembly.
};

struct Output {
  std::string elf;  // BPF ELF object with maps in .maps, BTF and BTF.ext line info of the script.
  std::string ir;
  std::string optimized_ir;
  std::string assembly;
};

// Also sets what only codegen knows in the plan's manifest (scratch_bytes). Fails only if LLVM cannot lower the code
// (e.g. the BPF stack limit); the error's text then names the script's place.
[[nodiscard]] Result<Output> generate(plan::Plan& plan, const diag::Sources& sources,
                                      const Options& options);

}  // namespace sonde::codegen
