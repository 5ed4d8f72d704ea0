// Lengths of instructions: some by hand, and all of this program as objdump has them.
#include "kernel/x86_instruction.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "kernel/instructions.h"

namespace sonde::kernel {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(X86Instruction, Lengths) {
  struct Row {
    const char* text;
    Bytes code;  // Without what follows it.
  };
  const Row rows[] = {
      {"push %rbp", {0x55}},
      {"endbr64", {0xf3, 0x0f, 0x1e, 0xfa}},
      {"mov $1,%ax", {0x66, 0xb8, 1, 0}},
      {"mov $1,%eax", {0xb8, 1, 0, 0, 0}},
      {"movabs $1,%rax", {0x48, 0xb8, 1, 0, 0, 0, 0, 0, 0, 0}},
      {"movabs 0x1,%al", {0xa0, 1, 0, 0, 0, 0, 0, 0, 0}},
      {"addr32 mov 0x1,%al", {0x67, 0xa0, 1, 0, 0, 0}},
      {"a REX prefix that the next prefix cancels", {0x48, 0x66, 0xb8, 1, 0}},
      {"mov 0x10(%rip),%eax", {0x8b, 0x05, 0x10, 0, 0, 0}},
      {"mov (%rsp),%eax", {0x8b, 0x04, 0x24}},
      {"mov 0x0(,%rax,8),%eax", {0x8b, 0x04, 0xc5, 0, 0, 0, 0}},
      {"mov 0x8(%rsp),%eax", {0x8b, 0x44, 0x24, 8}},
      {"mov 0x100(%rbp),%eax", {0x8b, 0x85, 0, 1, 0, 0}},
      {"test $1,%al", {0xf6, 0xc0, 1}},
      {"not %al", {0xf6, 0xd0}},
      {"test $1,%eax", {0xf7, 0xc0, 1, 0, 0, 0}},
      {"test $1,%ax", {0x66, 0xf7, 0xc0, 1, 0}},
      {"div %ecx", {0xf7, 0xf1}},
      {"enter $16,$0", {0xc8, 16, 0, 0}},
      {"ret $8", {0xc2, 8, 0}},
      {"jne", {0x0f, 0x85, 0, 0, 0, 0}},
      {"data16 call", {0x66, 0xe8, 0, 0, 0, 0}},
      {"pop (%rax)", {0x8f, 0x00}},
      {"palignr $1,%xmm1,%xmm0", {0x66, 0x0f, 0x3a, 0x0f, 0xc1, 1}},
      {"pshufb %xmm1,%xmm0", {0x66, 0x0f, 0x38, 0x00, 0xc1}},
      {"extrq $1,$2,%xmm0", {0x66, 0x0f, 0x78, 0xc0, 1, 2}},
      {"vmread %rax,%rbx", {0x0f, 0x78, 0xc3}},
      {"pfadd %mm1,%mm0 (3DNow!)", {0x0f, 0x0f, 0xc1, 0x9e}},
      {"vzeroupper", {0xc5, 0xf8, 0x77}},
      {"vpshufd $27,%xmm0,%xmm0", {0xc5, 0xf9, 0x70, 0xc0, 0x1b}},
      {"vpbroadcastb %xmm0,%xmm0", {0xc4, 0xe2, 0x79, 0x78, 0xc0}},
      {"vpermq $1,%ymm0,%ymm0", {0xc4, 0xe3, 0xfd, 0x00, 0xc0, 1}},
      {"vmovdqu64 0x40(%rsi),%ymm16", {0x62, 0xe1, 0xfe, 0x28, 0x6f, 0x46, 2}},
      {"vpternlogd $255,%zmm0,%zmm0,%zmm0", {0x62, 0xf3, 0x7d, 0x48, 0x25, 0xc0, 0xff}},
      {"vaddph %zmm0,%zmm0,%zmm0", {0x62, 0xf5, 0x7c, 0x48, 0x58, 0xc0}},
      {"vpcmov (XOP)", {0x8f, 0xe8, 0x78, 0xa2, 0xc1, 0x20}},
  };
  for (const Row& row : rows) {
    Bytes code = row.code;
    for (std::size_t size = 0; size < code.size(); ++size) {
      EXPECT_EQ(x86_instruction_length(std::span(code).first(size)), 0U)
          << row.text << " cut off behind " << size;
    }
    code.insert(code.end(), 15, 0xff);
    EXPECT_EQ(x86_instruction_length(code), row.code.size()) << row.text;
  }
}

TEST(X86Instruction, NoInstruction) {
  EXPECT_EQ(x86_instruction_length({}), 0U);
  EXPECT_EQ(x86_instruction_length(Bytes{0x06, 0x90}), 0U) << "push %es";
  EXPECT_EQ(x86_instruction_length(Bytes{0xea, 0, 0, 0, 0, 0, 0}), 0U) << "a far jump";
  EXPECT_EQ(x86_instruction_length(Bytes{0x62, 0xf4, 0x7c, 0x08, 0x01, 0xc0}), 0U) << "APX";
  EXPECT_EQ(x86_instruction_length(Bytes(20, 0x66)), 0U) << "prefixes without end";
}

// "  401000:\t55 48 89\tpush ..." -> its bytes; none of a line that holds no instruction.
Bytes bytes_of(std::string_view line) {
  const auto columns = split(line, '\t');
  // Bytes that are no instruction, and FWAIT, which objdump takes for a part of the next one.
  if (columns.size() < 3 || columns[2].find("(bad)") != std::string_view::npos ||
      columns[1].starts_with("9b")) {
    return {};
  }
  Bytes bytes;
  for (const std::string_view word : split(columns[1], ' ')) {
    if (word.size() == 2)
      bytes.push_back(static_cast<std::uint8_t>(std::stoul(std::string(word), nullptr, 16)));
  }
  return bytes;
}

// The C library in this program has vector instructions of all generations.
TEST(X86Instruction, AgreesWithObjdump) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "this program has other instructions";
#endif
  if (std::system("objdump --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no objdump";
  std::FILE* output = ::popen("objdump -d --insn-width=16 -j .text " SONDE_TEST_PROGRAMS
                              "/../unit/kernel/kernel_test",
                              "r");
  ASSERT_NE(output, nullptr);
  char line[1024];
  std::size_t checked = 0;
  std::size_t wrong = 0;
  while (std::fgets(line, sizeof line, output) != nullptr) {
    Bytes code = bytes_of(line);
    if (code.empty()) continue;
    const std::size_t length = code.size();
    code.insert(code.end(), 15, 0);
    ++checked;
    if (x86_instruction_length(code) == length) continue;
    if (++wrong < 10) ADD_FAILURE() << x86_instruction_length(code) << " for " << line;
  }
  EXPECT_EQ(::pclose(output), 0);
  EXPECT_EQ(wrong, 0U);
  EXPECT_GT(checked, 100'000U);
}

TEST(InstructionStart, X86) {
  using Answer = InstructionStart::Answer;
  // push %rbp; mov %rsp,%rbp; nothing
  const Bytes code{0x55, 0x48, 0x89, 0xe5, 0x06};
  const auto start = [&](std::uint64_t offset) {
    return instruction_start(plan::Arch::X86_64, code, offset);
  };
  EXPECT_EQ(start(0).answer, Answer::Yes);
  EXPECT_EQ(start(1).answer, Answer::Yes);
  EXPECT_EQ(start(4).answer, Answer::Yes);
  EXPECT_EQ(start(3).answer, Answer::No);
  EXPECT_EQ(start(3).back, 2U);
  EXPECT_EQ(start(3).forth, 1U);
  EXPECT_EQ(start(5).answer, Answer::Unknown);
  EXPECT_EQ(start(50).answer, Answer::Unknown);
}

TEST(InstructionStart, Aarch64) {
  using Answer = InstructionStart::Answer;
  const Bytes code(16);
  EXPECT_EQ(instruction_start(plan::Arch::Aarch64, code, 8).answer, Answer::Yes);
  const InstructionStart inside = instruction_start(plan::Arch::Aarch64, code, 6);
  EXPECT_EQ(inside.answer, Answer::No);
  EXPECT_EQ(inside.back, 2U);
  EXPECT_EQ(inside.forth, 2U);
  EXPECT_EQ(instruction_start(plan::Arch::Aarch64, code, 40).answer, Answer::Unknown);
}

}  // namespace
}  // namespace sonde::kernel
