#include "plan/machine.h"

namespace sonde::plan {
namespace {

struct Register {
  Arch arch;
  std::string_view name;
  std::uint32_t offset;
};
// struct pt_regs: the kernel's arch/x86/include/asm/ptrace.h and arch/arm64/include/uapi/asm/ptrace.h.
constexpr Register kRegisters[] = {
    {Arch::X86_64, "r15", 0},       {Arch::X86_64, "r14", 8},    {Arch::X86_64, "r13", 16},
    {Arch::X86_64, "r12", 24},      {Arch::X86_64, "bp", 32},    {Arch::X86_64, "bx", 40},
    {Arch::X86_64, "r11", 48},      {Arch::X86_64, "r10", 56},   {Arch::X86_64, "r9", 64},
    {Arch::X86_64, "r8", 72},       {Arch::X86_64, "ax", 80},    {Arch::X86_64, "cx", 88},
    {Arch::X86_64, "dx", 96},       {Arch::X86_64, "si", 104},   {Arch::X86_64, "di", 112},
    {Arch::X86_64, "orig_ax", 120}, {Arch::X86_64, "ip", 128},   {Arch::X86_64, "cs", 136},
    {Arch::X86_64, "flags", 144},   {Arch::X86_64, "sp", 152},   {Arch::X86_64, "ss", 160},
    {Arch::Aarch64, "r0", 0},       {Arch::Aarch64, "r1", 8},    {Arch::Aarch64, "r2", 16},
    {Arch::Aarch64, "r3", 24},      {Arch::Aarch64, "r4", 32},   {Arch::Aarch64, "r5", 40},
    {Arch::Aarch64, "r6", 48},      {Arch::Aarch64, "r7", 56},   {Arch::Aarch64, "r8", 64},
    {Arch::Aarch64, "r9", 72},      {Arch::Aarch64, "r10", 80},  {Arch::Aarch64, "r11", 88},
    {Arch::Aarch64, "r12", 96},     {Arch::Aarch64, "r13", 104}, {Arch::Aarch64, "r14", 112},
    {Arch::Aarch64, "r15", 120},    {Arch::Aarch64, "r16", 128}, {Arch::Aarch64, "r17", 136},
    {Arch::Aarch64, "r18", 144},    {Arch::Aarch64, "r19", 152}, {Arch::Aarch64, "r20", 160},
    {Arch::Aarch64, "r21", 168},    {Arch::Aarch64, "r22", 176}, {Arch::Aarch64, "r23", 184},
    {Arch::Aarch64, "r24", 192},    {Arch::Aarch64, "r25", 200}, {Arch::Aarch64, "r26", 208},
    {Arch::Aarch64, "r27", 216},    {Arch::Aarch64, "r28", 224}, {Arch::Aarch64, "r29", 232},
    {Arch::Aarch64, "r30", 240},    {Arch::Aarch64, "sp", 248},  {Arch::Aarch64, "pc", 256},
    {Arch::Aarch64, "pstate", 264},
};

}  // namespace

std::optional<std::uint32_t> register_offset(Arch arch, std::string_view name) {
  for (const Register& row : kRegisters) {
    if (row.arch == arch && row.name == name) return row.offset;
  }
  return std::nullopt;
}

std::vector<std::string_view> register_names(Arch arch) {
  std::vector<std::string_view> names;
  for (const Register& row : kRegisters) {
    if (row.arch == arch) names.push_back(row.name);
  }
  return names;
}

std::span<const std::uint32_t> argument_registers(Arch arch) {
  static constexpr std::uint32_t kX86[] = {112, 104, 96, 88, 72, 64};  // rdi rsi rdx rcx r8 r9
  static constexpr std::uint32_t kArm64[] = {0, 8, 16, 24, 32, 40, 48, 56};
  if (arch == Arch::Aarch64) return kArm64;
  return kX86;
}

std::uint32_t result_register(Arch arch) { return arch == Arch::X86_64 ? 80 : 0; }
std::uint32_t stack_pointer(Arch arch) { return arch == Arch::X86_64 ? 152 : 248; }
std::uint32_t instruction_pointer(Arch arch) { return arch == Arch::X86_64 ? 128 : 256; }
// On x86-64 the return address lies on top.
std::uint32_t stack_skip(Arch arch) { return arch == Arch::X86_64 ? 8 : 0; }

}  // namespace sonde::plan
