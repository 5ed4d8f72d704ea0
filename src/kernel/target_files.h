// Programs and libraries that a probe may name when processes are traced: what they have mapped, and in their own mount
// namespaces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/view.h"

namespace sonde::kernel {

// The processes that are traced; none of both: all of the machine.
struct ProcessScope {
  std::vector<std::uint32_t> pids;
  std::string program;  // One that is still to be started: a path, or a name in PATH.
};

// As View::find_binaries().
[[nodiscard]] Result<std::vector<BinaryFile>> find_binaries(std::string_view pattern,
                                                            const ProcessScope& scope);

// The program, its loader, and the libraries that they name, as ld.so finds them; absolute paths, each once. What cannot be
// found is left out, as are libraries that the program loads later.
[[nodiscard]] std::vector<std::string> files_of_program(const std::string& program);

}  // namespace sonde::kernel
