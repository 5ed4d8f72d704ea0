#include "codegen/codegen.h"

#include <fmt/format.h>

#include "base/check.h"
#include "codegen/backend.h"
#include "codegen/module.h"
#include "codegen/program.h"
#include "codegen/task_filter.h"

namespace sonde::codegen {
namespace {

#ifdef NDEBUG
constexpr bool kAlwaysVerify = false;
#else
constexpr bool kAlwaysVerify = true;
#endif

void check_ir(const llvm::Module& module, const char* when) {
  const std::string complaint = verify(module);
  if (complaint.empty()) return;
  fmt::print(stderr, "{}\n", complaint);
  check_failed("well-formed IR", when, 0, "generate");
}

}  // namespace

Result<Output> generate(plan::Plan& plan, const diag::Sources& sources, const Options& options) {
  SONDE_CHECK(plan.bodies.size() == plan.manifest.programs.size());
  Result<TargetMachinePtr> target = create_target();
  if (!target) return std::unexpected(target.error());
  Module module(plan, sources);
  prepare_module(module.llvm(), **target);
  for (std::size_t i = 0; i < plan.bodies.size(); ++i) {
    if (plan.manifest.programs[i].part_of < 0) emit_program(module, i);
  }
  emit_watchers(module);
  module.finish();
  plan.manifest.scratch_bytes = module.scratch_bytes();

  const bool verify_ir = options.verify_ir || kAlwaysVerify;
  if (verify_ir) check_ir(module.llvm(), "generated IR");
  Output output;
  if (options.want_ir) output.ir = print(module.llvm());
  optimize(module.llvm(), **target);
  if (verify_ir) check_ir(module.llvm(), "optimized IR");
  if (options.want_optimized_ir) output.optimized_ir = print(module.llvm());
  if (options.want_assembly) {
    Result<std::string> assembly = emit_copy(module.llvm(), **target, OutputKind::Assembly);
    if (!assembly) return std::unexpected(assembly.error());
    output.assembly = std::move(*assembly);
  }
  Result<std::string> elf = emit(module.llvm(), **target, OutputKind::Object);
  if (!elf) return std::unexpected(elf.error());
  output.elf = std::move(*elf);
  return output;
}

}  // namespace sonde::codegen
