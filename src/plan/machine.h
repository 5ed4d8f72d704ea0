// What differs between architectures and the compiler must know by name: registers, system calls.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "plan/target.h"

namespace sonde::plan {

// Offset of a register of 8 bytes in struct pt_regs; nullopt if there is none of that name.
[[nodiscard]] std::optional<std::uint32_t> register_offset(Arch arch, std::string_view name);
[[nodiscard]] std::vector<std::string_view> register_names(Arch arch);

inline constexpr std::uint32_t kMaxSyscallName = 31;  // Bytes.
// Names by number; empty where there is no such system call.
[[nodiscard]] std::vector<std::string_view> syscall_names(Arch arch);

}  // namespace sonde::plan
