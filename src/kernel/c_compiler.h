// clang as a child process. Internal to src/kernel.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace sonde::kernel {

struct CompilerRun {
  bool succeeded = false;
  std::string output;    // What it wrote to stdout.
  std::string messages;  // What it wrote to stderr.
};

// Path of clang: `clang`, else the newest of clang-22 to clang-14 in PATH. Fails with ENOENT.
[[nodiscard]] Result<std::string> find_compiler();

// Runs it on `input` (its stdin) and waits. Fails if it cannot be started.
[[nodiscard]] Result<CompilerRun> run_compiler(const std::string& path,
                                               const std::vector<std::string>& arguments,
                                               const std::string& input);

}  // namespace sonde::kernel
