// How attach points name functions of loaded BPF programs: fentry:bpf:NAME, fentry:bpf:ID:NAME.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "kernel/view.h"

namespace sonde::resolve {

inline constexpr std::string_view kBpf = "bpf";  // In the place of a module's name.

[[nodiscard]] inline std::string bpf_function_name(const kernel::BpfFunction& function) {
  return fmt::format("{}:{}:{}", kBpf, function.program, function.name);
}

}  // namespace sonde::resolve
