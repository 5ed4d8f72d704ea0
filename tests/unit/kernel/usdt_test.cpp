// Static probes: the text of their arguments, and the notes of ELF files, whole and broken.
#include "kernel/usdt.h"

#include <elf.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "kernel/usdt_arguments.h"
#include "temporary_folder.h"

namespace sonde::kernel {
namespace {

using Form = plan::UsdtArgument::Form;

UsdtPlace place_at(std::uint64_t address, plan::Arch arch = plan::Arch::X86_64) {
  return {arch, address, [](std::string_view name) {
            return name == "counter" ? std::optional<std::uint64_t>(0x5000) : std::nullopt;
          }};
}

std::string register_text(const std::optional<std::uint32_t>& offset) {
  return offset ? fmt::format("r{}", *offset) : "-";
}

// "int32 memory r32 + -*1 + -8": all that code generation reads.
std::string text_of(const plan::UsdtArgument& a) {
  const std::string type = plan::type_name(a);
  switch (a.form) {
    case Form::Constant: return fmt::format("{} = {}", type, a.value);
    case Form::Register: return fmt::format("{} {} >> {}", type, register_text(a.base), a.shift);
    case Form::Memory:
      return fmt::format("{} [{} + {}*{} + {}]{}", type, register_text(a.base),
                         register_text(a.index), a.scale, a.value,
                         a.address_bits == 32 ? " 32" : "");
    case Form::Unreadable: return "unreadable: " + a.problem;
  }
  return {};
}

struct Row {
  const char* text;
  const char* expected;
};

void check(const std::vector<Row>& rows, const UsdtPlace& place) {
  for (const Row& row : rows) {
    const auto found = parse_usdt_arguments(row.text, place);
    ASSERT_EQ(found.size(), 1U) << row.text;
    EXPECT_EQ(text_of(found[0]), row.expected) << row.text;
  }
}

// Offsets of struct pt_regs: r9 64, r10 56, ax 80, cx 88, bp 32, sp 152, di 112, si 104, ip 128.
TEST(UsdtArguments, X86) {
  check(
      {
          {"-4@$5", "int32 = 5"},
          {"-4@$-5", "int32 = -5"},
          {"4@$0x10", "uint32 = 16"},
          {"8@$-0x10", "uint64 = -16"},
          {"8@$counter+8", "uint64 = 20488"},
          {"8@%rax", "uint64 r80 >> 0"},
          {"-4@%eax", "int32 r80 >> 0"},
          {"-2@%ax", "int16 r80 >> 0"},
          {"1@%al", "uint8 r80 >> 0"},
          {"-1@%ah", "int8 r80 >> 8"},
          {"-4@%al", "int8 r80 >> 0"},
          {"1@%dil", "uint8 r112 >> 0"},
          {"8@%r9", "uint64 r64 >> 0"},
          {"4@%r9d", "uint32 r64 >> 0"},
          {"2@%r10w", "uint16 r56 >> 0"},
          {"1@%r10b", "uint8 r56 >> 0"},
          {"%rax", "uint64 r80 >> 0"},
          {"4@-8(%rbp)", "uint32 [r32 + -*1 + -8]"},
          {"8@(%rsp)", "uint64 [r152 + -*1 + 0]"},
          {"-4@112(%rsp)", "int32 [r152 + -*1 + 112]"},
          {"1@(%rdi,%rsi,4)", "uint8 [r112 + r104*4 + 0]"},
          {"8@0x10(%rax,%rcx)", "uint64 [r80 + r88*1 + 16]"},
          {"8@0x10(%rax, %rcx, 8)", "uint64 [r80 + r88*8 + 16]"},
          {"8@-16(,%rax,8)", "uint64 [- + r80*8 + -16]"},
          {"8@counter+8(,%rax,8)", "uint64 [- + r80*8 + 20488]"},
          {"4@4(%eax)", "uint32 [r80 + -*1 + 4] 32"},
          {"8@counter(%rip)", "uint64 [r128 + -*1 + 16384]"},
          {"8@counter+8(%rip)", "uint64 [r128 + -*1 + 16392]"},
          {"8@8+counter-4(%rip)", "uint64 [r128 + -*1 + 16388]"},
          {"8@counter", "uint64 [r128 + -*1 + 16384]"},
          {"8@4096", "uint64 [- + -*1 + 4096]"},
      },
      place_at(0x1000));
}

TEST(UsdtArguments, WhatCannotBeRead) {
  check(
      {
          {"8f@%xmm0",
           "unreadable: it is a floating-point number, which BPF programs cannot compute with"},
          {"8@%xmm0", "unreadable: it is in register xmm0, which BPF programs do not see"},
          {"8@%r99", "unreadable: it is in register r99, which BPF programs do not see"},
          {"16@%rax", "unreadable: it has 16 bytes, and only 1, 2, 4 or 8 can be read"},
          {"8@%fs:16", "unreadable: '%fs:16' is in thread-local memory"},
          {"8@mine@tpoff(%rip)", "unreadable: 'mine@tpoff(%rip)' is in thread-local memory"},
          {"8@missing(%rip)", "unreadable: the file has no symbol 'missing', or several"},
          {"8@16(%rip)", "unreadable: '16(%rip)' is not understood"},
          {"8@", "unreadable: '8@' is not understood"},
          {"8@(", "unreadable: '(' is not understood"},
          {"8@()", "unreadable: '()' is not understood"},
          {"8@8(%al)", "unreadable: '8(%al)' is not understood"},
          {"8@8(%rax,%rbx,3)", "unreadable: '8(%rax,%rbx,3)' is not understood"},
          {"8@8(%rax,%rbx,2,1)", "unreadable: '8(%rax,%rbx,2,1)' is not understood"},
          {"8@-(%rax)", "unreadable: '-(%rax)' is not understood"},
          {"8@$1x", "unreadable: '$1x' is not understood"},
          {"8@$99999999999999999999", "unreadable: '$99999999999999999999' is not understood"},
          {"@", "unreadable: '@' is not understood"},
          {"%", "unreadable: it is in register , which BPF programs do not see"},
      },
      place_at(0x1000));
}

TEST(UsdtArguments, Arm64) {
  check(
      {
          {"8@x0", "uint64 r0 >> 0"},
          {"-4@w3", "int32 r24 >> 0"},
          {"8@5", "uint64 = 5"},
          {"-4@-5", "int32 = -5"},
          {"4@wzr", "uint32 = 0"},
          {"-4@[sp, 12]", "int32 [r248 + -*1 + 12]"},
          {"8@[x1]", "uint64 [r8 + -*1 + 0]"},
          {"8@[x1, #-8]", "uint64 [r8 + -*1 + -8]"},
          {"8@[x1, x2]", "uint64 [r8 + r16*1 + 0]"},
          {"8@[x1, x2, lsl 3]", "uint64 [r8 + r16*8 + 0]"},
          {"8@[x1, w2, sxtw 3]", "unreadable: '[x1, w2, sxtw 3]' is not understood"},
          {"8@d0", "unreadable: it is in register d0, which BPF programs do not see"},
          {"8@[", "unreadable: '[' is not understood"},
      },
      place_at(0x1000, plan::Arch::Aarch64));
}

TEST(UsdtArguments, Several) {
  const auto found = parse_usdt_arguments(" -4@$1  8@8(%rax, %rbx) 4@[ 1@%al", place_at(0));
  ASSERT_EQ(found.size(), 3U);  // An open bracket takes the rest with it.
  EXPECT_EQ(text_of(found[1]), "uint64 [r80 + r40*1 + 8]");
  EXPECT_EQ(found[2].form, Form::Unreadable);
  EXPECT_TRUE(parse_usdt_arguments("", place_at(0)).empty());
}

// A file with sections, made by hand: all that the reader looks at, in both classes and byte orders.
class File {
 public:
  File(bool is_64, bool is_big) : is_64_(is_64), is_big_(is_big) {}

  void add(std::uint64_t value, std::size_t bytes, std::string& to) const {
    for (std::size_t i = 0; i < bytes; ++i) {
      const std::size_t shift = 8 * (is_big_ ? bytes - 1 - i : i);
      to += static_cast<char>(value >> shift);
    }
  }
  void word(std::uint64_t value, std::string& to) const { add(value, is_64_ ? 8 : 4, to); }

  // One note; `description` is what stands behind its header and name.
  std::string note(std::string_view description, std::uint32_t size) const {
    std::string out;
    add(8, 4, out);
    add(size, 4, out);
    add(3, 4, out);
    out += std::string("stapsdt\0", 8);
    out += description;
    out.resize((out.size() + 3) / 4 * 4);
    return out;
  }
  std::string description(std::uint64_t address, std::uint64_t base, std::uint64_t semaphore,
                          std::string_view texts) const {
    std::string out;
    word(address, out);
    word(base, out);
    word(semaphore, out);
    return out + std::string(texts);
  }
  std::string probe(std::uint64_t address, std::uint64_t base, std::uint64_t semaphore,
                    std::string_view texts) const {
    const std::string all = description(address, base, semaphore, texts);
    return note(all, static_cast<std::uint32_t>(all.size()));
  }

  // The file: code at 0x1000 (offset 0), data at 0x3000 (offset 0x800), .stapsdt.base at 0x1500.
  std::string bytes(const std::string& notes) const {
    const std::string names("\0.note.stapsdt\0.stapsdt.base\0.shstrtab\0", 39);
    const std::size_t header = is_64_ ? 64 : 52;
    const std::size_t segment = is_64_ ? 56 : 32;
    const std::size_t notes_at = (header + 2 * segment + 7) / 8 * 8;
    const std::size_t names_at = notes_at + notes.size();
    const std::size_t sections_at = (names_at + names.size() + 7) / 8 * 8;
    std::string out("\177ELF", 4);
    out += static_cast<char>(is_64_ ? ELFCLASS64 : ELFCLASS32);
    out += static_cast<char>(is_big_ ? ELFDATA2MSB : ELFDATA2LSB);
    out += '\1';
    out.resize(16);
    add(ET_DYN, 2, out);
    add(EM_X86_64, 2, out);
    add(1, 4, out);
    word(0, out);
    word(header, out);
    word(sections_at, out);
    add(0, 4, out);
    for (const std::size_t value : {header, segment, std::size_t{2}, std::size_t(is_64_ ? 64 : 40),
                                    std::size_t{4}, std::size_t{3}})
      add(value, 2, out);
    load(out, PF_R | PF_X, 0, 0x1000);
    load(out, PF_R | PF_W, 0x800, 0x3000);
    out.resize(notes_at);
    out += notes + names;
    out.resize(sections_at);
    section(out, 0, SHT_NULL, 0, 0, 0);
    section(out, 1, SHT_NOTE, 0, notes_at, notes.size());
    section(out, 15, SHT_PROGBITS, 0x1500, 0, 1);
    section(out, 29, SHT_STRTAB, 0, names_at, names.size());
    return out;
  }

 private:
  void load(std::string& out, std::uint32_t flags, std::uint64_t offset,
            std::uint64_t address) const {
    add(PT_LOAD, 4, out);
    if (is_64_) add(flags, 4, out);
    for (const std::uint64_t value :
         {offset, address, address, std::uint64_t{0x800}, std::uint64_t{0x800}})
      word(value, out);
    if (!is_64_) add(flags, 4, out);
    word(4, out);
  }
  void section(std::string& out, std::uint32_t name, std::uint32_t type, std::uint64_t address,
               std::uint64_t offset, std::uint64_t size) const {
    add(name, 4, out);
    add(type, 4, out);
    for (const std::uint64_t value : {std::uint64_t{0}, address, offset, size}) word(value, out);
    add(0, 4, out);
    add(0, 4, out);
    word(4, out);
    word(0, out);
  }

  bool is_64_;
  bool is_big_;
};

std::vector<UsdtProbe> read(const std::string& bytes) {
  TemporaryFolder folder;
  const auto found = read_usdt_probes(folder.add("file", bytes), plan::Arch::X86_64);
  return found ? *found : std::vector<UsdtProbe>{};
}

constexpr std::string_view kTexts("prov\0name\0-4@%eax\0", 18);

TEST(UsdtNotes, ClassesAndByteOrders) {
  for (const bool is_64 : {true, false}) {
    for (const bool is_big : {true, false}) {
      const File file(is_64, is_big);
      // The base has been moved up by 0x100, and so have the probe and the semaphore.
      const auto found = read(file.bytes(file.probe(0x1010, 0x1400, 0x3004, kTexts)));
      ASSERT_EQ(found.size(), 1U) << is_64 << is_big;
      EXPECT_EQ(found[0].provider, "prov");
      EXPECT_EQ(found[0].name, "name");
      EXPECT_EQ(found[0].address, 0x1110U);
      EXPECT_EQ(found[0].file_offset, 0x110U);
      EXPECT_EQ(found[0].semaphore, 0x904U);
      ASSERT_EQ(found[0].arguments.size(), 1U);
      EXPECT_EQ(text_of(found[0].arguments[0]), "int32 r80 >> 0");
    }
  }
}

TEST(UsdtNotes, SortedAndEachPlaceOnce) {
  const File file(true, false);
  const std::string first = file.probe(0x1020, 0x1500, 0, kTexts);
  const std::string second = file.probe(0x1010, 0x1500, 0, kTexts);
  const auto found = read(file.bytes(first + second + first));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].address, 0x1010U);
  EXPECT_EQ(found[1].semaphore, 0U);
}

TEST(UsdtNotes, WithoutBaseNothingMoves) {
  const File file(true, false);
  const auto found = read(file.bytes(file.probe(0x1010, 0, 0, kTexts)));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].address, 0x1010U);
}

TEST(UsdtNotes, BrokenNotesAreLeftOut) {
  const File file(true, false);
  const std::string good = file.probe(0x1010, 0x1500, 0, kTexts);
  const std::string broken[] = {
      file.probe(0x9999, 0x1500, 0, kTexts),                       // Outside of the code.
      file.probe(0x1010, 0x1500, 0, std::string_view("prov", 4)),  // Texts without their end.
      file.probe(0x1010, 0x1500, 0, std::string_view("prov\0name\0", 10)),
      file.probe(0x1010, 0x1500, 0, std::string_view("prov\0\0\0", 7)),  // No name.
      file.note("short", 5),
      file.note("", 0),
  };
  for (const std::string& note : broken) {
    EXPECT_EQ(read(file.bytes(note)).size(), 0U);
    EXPECT_EQ(read(file.bytes(note + good)).size(), 1U);
  }
  // A size that goes far beyond the section ends the reading.
  EXPECT_EQ(read(file.bytes(good + file.note("", 0xfffffff0))).size(), 1U);
  // A semaphore outside of the data is none.
  EXPECT_EQ(read(file.bytes(file.probe(0x1010, 0x1500, 0x9999, kTexts))).at(0).semaphore, 0U);
}

// Whatever is cut off or changed, reading ends and invents no place outside of the file.
TEST(UsdtNotes, CutAndChangedFiles) {
  for (const bool is_64 : {true, false}) {
    const File file(is_64, false);
    const std::string whole = file.bytes(file.probe(0x1010, 0x1500, 0x3004, kTexts));
    for (std::size_t size = 0; size < whole.size(); size += 3) {
      for (const UsdtProbe& probe : read(whole.substr(0, size)))
        EXPECT_LT(probe.file_offset, 0x800U);
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string changed = whole;
      changed[at] = static_cast<char>(0xff);
      EXPECT_LE(read(changed).size(), 1U);
    }
  }
}

TEST(UsdtNotes, FilesWithoutNotes) {
  const auto none = read_usdt_probes("/bin/sh", plan::Arch::X86_64);
  ASSERT_TRUE(none.has_value());
  EXPECT_TRUE(none->empty());
  EXPECT_FALSE(read_usdt_probes("/nonexistent", plan::Arch::X86_64).has_value());
  EXPECT_FALSE(read_usdt_probes("/etc/passwd", plan::Arch::X86_64).has_value());
}

}  // namespace
}  // namespace sonde::kernel
