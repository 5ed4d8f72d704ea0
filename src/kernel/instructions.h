// Which instructions the kernel can put a user-space probe on.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "kernel/view.h"
#include "plan/target.h"

namespace sonde::kernel {

inline constexpr std::size_t kInstructionBytes = 15;  // Of the longest one on x86-64.

// Why the instruction at the beginning of `code` cannot bear a probe, as the end of a sentence; empty if it can.
//
// The kernel looks at the opcode's byte only (arch/x86/kernel/uprobes.c), also where a VEX or EVEX prefix gives the byte
// another meaning: many AVX instructions are refused (ENOTSUPP) because the byte alone would be a privileged instruction, and
// some are taken for a jump, a call or a return, which the kernel then carries out in place of the instruction. The
// tables were measured on Linux 6.18.
[[nodiscard]] std::string_view probe_obstacle(plan::Arch arch, std::span<const std::uint8_t> code);

// Whether an instruction begins at code[offset], if one does at code[0].
[[nodiscard]] InstructionStart instruction_start(plan::Arch arch,
                                                 std::span<const std::uint8_t> code,
                                                 std::uint64_t offset);

}  // namespace sonde::kernel
