#include "kernel/instructions.h"

#include <algorithm>
#include <array>

#include "kernel/x86_instruction.h"

namespace sonde::kernel {
namespace {

using Code = std::span<const std::uint8_t>;

// Bytes of opcodes that the kernel refuses: of instructions that do not exist in 64-bit mode, or that trap or reach devices.
constexpr std::uint8_t kRefused[] = {
    0x06, 0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x26, 0x27, 0x2e, 0x2f, 0x36, 0x37, 0x3e, 0x3f, 0x60,
    0x61, 0x62, 0x6c, 0x6d, 0x6e, 0x6f, 0x82, 0x9a, 0xc4, 0xc5, 0xcc, 0xcd, 0xce, 0xcf, 0xd4, 0xd5,
    0xd6, 0xe4, 0xe5, 0xe6, 0xe7, 0xea, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xfa, 0xfb};

// Bytes that the kernel carries out itself or mends the instruction pointer after: returns, calls, jumps and nop. The short
// conditional jumps, 0x70 to 0x7f, besides.
constexpr std::uint8_t kControlFlow[] = {0x90, 0xc2, 0xc3, 0xca, 0xcb, 0xe8, 0xe9, 0xeb, 0xff};

constexpr std::string_view kCannot = "the kernel cannot place a probe on this instruction";
constexpr std::string_view kMisreads =
    "the kernel takes this AVX instruction for a jump and would skip it";

template <std::size_t Size>
bool contains(const std::uint8_t (&bytes)[Size], std::uint8_t byte) {
  return std::ranges::find(bytes, byte) != std::end(bytes);
}

bool is_control_flow(std::uint8_t byte) {
  return (byte >= 0x70 && byte <= 0x7f) || contains(kControlFlow, byte);
}

// Where the opcode of an instruction with a VEX or EVEX prefix is; 0 without one.
std::size_t avx_opcode(Code code) {
  if (code.empty()) return 0;
  switch (code[0]) {
    case 0xc5: return 2;
    case 0xc4: return 3;
    case 0x62: return 4;
    default: return 0;
  }
}

std::string_view x86_obstacle(Code code) {
  // Prefixes of segments that 64-bit mode has no use for, and of locked instructions.
  constexpr std::uint8_t kBadPrefixes[] = {0x26, 0x2e, 0x36, 0x3e, 0xf0};
  constexpr std::uint8_t kPrefixes[] = {0x64, 0x65, 0x66, 0x67, 0xf2, 0xf3};
  while (!code.empty() && (contains(kBadPrefixes, code[0]) || contains(kPrefixes, code[0]))) {
    if (contains(kBadPrefixes, code[0])) return kCannot;
    code = code.subspan(1);
  }
  if (const std::size_t at = avx_opcode(code); at != 0) {
    if (at >= code.size()) return {};
    if (contains(kRefused, code[at])) return kCannot;
    return is_control_flow(code[at]) ? kMisreads : std::string_view{};
  }
  if (!code.empty() && (code[0] & 0xf0) == 0x40) code = code.subspan(1);  // REX
  // Two-byte opcodes are allowed.
  if (code.empty() || code[0] == 0x0f) return {};
  return contains(kRefused, code[0]) ? kCannot : std::string_view{};
}

}  // namespace

std::string_view probe_obstacle(plan::Arch arch, Code code) {
  return arch == plan::Arch::X86_64 ? x86_obstacle(code) : std::string_view{};
}

InstructionStart instruction_start(plan::Arch arch, Code code, std::uint64_t offset) {
  using Answer = InstructionStart::Answer;
  constexpr std::uint32_t kWord = 4;  // Each instruction of aarch64.
  std::uint64_t start = 0;
  std::size_t length = kWord;
  while (start < offset) {
    if (start >= code.size()) return {Answer::Unknown};
    if (arch == plan::Arch::X86_64) length = x86_instruction_length(code.subspan(start));
    // Data among the code, or an instruction that is younger than the tables.
    if (length == 0) return {Answer::Unknown};
    start += length;
  }
  if (start == offset) return {Answer::Yes};
  return {Answer::No, static_cast<std::uint32_t>(offset - (start - length)),
          static_cast<std::uint32_t>(start - offset)};
}

}  // namespace sonde::kernel
