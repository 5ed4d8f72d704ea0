// What differs between architectures and the compiler must know by name: registers and how functions are called.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "plan/target.h"

namespace sonde::plan {

// Offset of a register of 8 bytes in struct pt_regs; nullopt if there is none of that name.
[[nodiscard]] std::optional<std::uint32_t> register_offset(Arch arch, std::string_view name);
[[nodiscard]] std::vector<std::string_view> register_names(Arch arch);

// How functions are called: the System V ABI for x86-64 (section 3.2.3), the procedure call standard for AArch64 (section 6.8).
// Offsets in struct pt_regs, in the order of the arguments.
[[nodiscard]] std::span<const std::uint32_t> argument_registers(Arch arch);
[[nodiscard]] std::uint32_t result_register(Arch arch);
[[nodiscard]] std::uint32_t stack_pointer(Arch arch);
[[nodiscard]] std::uint32_t instruction_pointer(Arch arch);
// Bytes between the stack pointer at a function's entry and its first argument on the stack.
[[nodiscard]] std::uint32_t stack_skip(Arch arch);

}  // namespace sonde::plan
