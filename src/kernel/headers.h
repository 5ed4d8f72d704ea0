// Headers by way of clang: macros from its preprocessor, types from the BTF of an object that it makes. Internal to src/kernel.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/c_compiler.h"
#include "kernel/view.h"
#include "types/type.h"

namespace sonde::kernel {

struct HeaderHost {
  bool has_btf = true;                 // SONDE_HAVE_BTF and BPFTRACE_HAVE_BTF.
  std::vector<std::string> arguments;  // More of them for clang.
};

// As View::read_headers().
[[nodiscard]] Result<std::unique_ptr<Headers>> read_headers(types::Context& types,
                                                            const HeaderHost& host,
                                                            const HeaderQuery& query);

// Arguments for the sources of a kernel, if SONDE_KERNEL_SOURCE (or BPFTRACE_KERNEL_SOURCE) names their folder; the
// folder of SONDE_KERNEL_BUILD holds what was generated for its configuration.
[[nodiscard]] std::vector<std::string> kernel_source_arguments(plan::Arch arch);

// For a compiler whose input is C and whose messages parse_messages() reads.
[[nodiscard]] std::vector<std::string> diagnostic_arguments();

// What a run that has failed said: at least one problem.
[[nodiscard]] std::vector<HeaderProblem> problems_of(const CompilerRun& run);

// The compiler's messages: `FILE:LINE:COL: error: text` with "In file included from FILE:LINE:" lines before it. Warnings
// and what explains an error are left out.
[[nodiscard]] std::vector<HeaderProblem> parse_messages(const std::string& text);

}  // namespace sonde::kernel
