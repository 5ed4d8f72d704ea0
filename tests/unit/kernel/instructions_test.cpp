// Which instructions take a probe. The rows were tried on Linux 6.18: "kernel" is what it said, or what the program computed.
#include "kernel/instructions.h"

#include <gtest/gtest.h>

#include <vector>

namespace sonde::kernel {
namespace {

enum class Verdict { Fine, Cannot, Misread };

struct Row {
  const char* text;
  std::vector<std::uint8_t> code;
  Verdict verdict;
};

Verdict verdict_of(std::string_view obstacle) {
  if (obstacle.empty()) return Verdict::Fine;
  return obstacle.find("jump") != std::string_view::npos ? Verdict::Misread : Verdict::Cannot;
}

TEST(Instructions, X86) {
  const Row rows[] = {
      {"push %rbp", {0x55}, Verdict::Fine},
      {"endbr64", {0xf3, 0x0f, 0x1e, 0xfa}, Verdict::Fine},
      {"nop", {0x90}, Verdict::Fine},
      {"mov %rsp,%rbp", {0x48, 0x89, 0xe5}, Verdict::Fine},
      {"mov %fs:0x28,%rax", {0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0}, Verdict::Fine},
      {"syscall", {0x0f, 0x05}, Verdict::Fine},
      {"jmp", {0xe9, 0, 0, 0, 0}, Verdict::Fine},
      {"ret", {0xc3}, Verdict::Fine},
      {"lock incl (%rdi)", {0xf0, 0xff, 0x07}, Verdict::Cannot},
      {"cs nopw", {0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0}, Verdict::Cannot},
      {"notrack jmp *%rax", {0x3e, 0xff, 0xe0}, Verdict::Cannot},
      {"int3", {0xcc}, Verdict::Cannot},
      {"hlt", {0xf4}, Verdict::Cannot},
      {"in (%dx),%al", {0xec}, Verdict::Cannot},
      {"vmovd %esi,%xmm0", {0xc5, 0xf9, 0x6e, 0xc6}, Verdict::Cannot},
      {"vpxor %xmm0,%xmm0,%xmm0", {0xc5, 0xf9, 0xef, 0xc0}, Verdict::Cannot},
      {"vmovdqu64 (%rsi),%ymm16", {0x62, 0xe1, 0xfe, 0x28, 0x6f, 0x06}, Verdict::Cannot},
      {"vxorps %xmm0,%xmm0,%xmm0", {0xc5, 0xf8, 0x57, 0xc0}, Verdict::Fine},
      {"vpbroadcastd %esi,%ymm16", {0x62, 0xe2, 0x7d, 0x28, 0x7c, 0xc6}, Verdict::Misread},
      {"vpcmpeqb %xmm0,%xmm0,%xmm0", {0xc5, 0xf9, 0x74, 0xc0}, Verdict::Misread},
      {"vpor %xmm1,%xmm0,%xmm0", {0xc5, 0xf9, 0xeb, 0xc1}, Verdict::Misread},
      {"vpshufd $27,%xmm0,%xmm0", {0xc5, 0xf9, 0x70, 0xc0, 0x1b}, Verdict::Misread},
      {"vpbroadcastb (VEX of three bytes)", {0xc4, 0xe2, 0x79, 0x78, 0xc0}, Verdict::Misread},
      {"vzeroupper", {0xc5, 0xf8, 0x77}, Verdict::Misread},
  };
  for (const Row& row : rows)
    EXPECT_EQ(verdict_of(probe_obstacle(plan::Arch::X86_64, row.code)), row.verdict) << row.text;
}

TEST(Instructions, CutOff) {
  const std::vector<std::uint8_t> code[] = {{},     {0x66},       {0x48},
                                            {0xc5}, {0xc4, 0xe1}, {0x62, 0xf1, 0x7d}};
  for (const auto& bytes : code) EXPECT_TRUE(probe_obstacle(plan::Arch::X86_64, bytes).empty());
}

TEST(Instructions, OtherMachinesAreNotJudged) {
  const std::uint8_t code[] = {0xf4};
  EXPECT_TRUE(probe_obstacle(plan::Arch::Aarch64, code).empty());
}

}  // namespace
}  // namespace sonde::kernel
