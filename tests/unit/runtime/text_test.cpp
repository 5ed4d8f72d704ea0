// Small readers of text: command lines, CPU lists, /etc/passwd, times, symbols of the object.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "base/file.h"
#include "runtime/attach/attach.h"
#include "runtime/clock.h"
#include "runtime/cpus.h"
#include "runtime/elf_symbol.h"
#include "runtime/symbols/users.h"
#include "runtime/words.h"

namespace sonde::runtime {
namespace {

using ::testing::ElementsAre;

TEST(SplitWords, Spaces) {
  EXPECT_THAT(split_words("  ls  -l\t/tmp\n").value(), ElementsAre("ls", "-l", "/tmp"));
}

TEST(SplitWords, QuotesAndBackslashes) {
  EXPECT_THAT(split_words(R"(sh -c 'echo "a b"' x\ y "q\"r" '' 'a\b'c)").value(),
              ElementsAre("sh", "-c", R"(echo "a b")", "x y", "q\"r", "", R"(a\bc)"));
}

TEST(SplitWords, Errors) {
  EXPECT_FALSE(split_words("").has_value());
  EXPECT_FALSE(split_words("   ").has_value());
  EXPECT_FALSE(split_words("echo 'x").has_value());
}

TEST(CpuList, RangesAndSingles) {
  EXPECT_THAT(parse_cpu_list("0-3,8\n"), ElementsAre(0, 1, 2, 3, 8));
  EXPECT_THAT(parse_cpu_list("5"), ElementsAre(5));
  EXPECT_THAT(parse_cpu_list("\n"), ElementsAre());
}

TEST(Passwd, FirstNameWins) {
  const auto users = parse_passwd(
      "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/:/bin/sh\n\nbad\nme:x:1000:1000::/"
      ":\n:x:5::\n");
  EXPECT_EQ(users.size(), 2U);
  EXPECT_EQ(users.at(0), "root");
  EXPECT_EQ(users.at(1000), "me");
}

TEST(FormatTime, MicrosecondsAndPercent) {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  const std::uint64_t time = 86'400'000'000'000 + 123'456'789;
  EXPECT_EQ(format_time("%Y-%m-%d %H:%M:%S.%f", time), "1970-01-02 00:00:00.123456");
  EXPECT_EQ(format_time("%%f 100%%\n", time), "%f 100%\n");
  EXPECT_EQ(format_time("", time), "");
}

TEST(ElfGlobal, FindsASymbolOfThisProgram) {
  const auto self = read_file("/proc/self/exe");
  ASSERT_TRUE(self.has_value());
  const auto main = find_elf_global(*self, "main");
  ASSERT_TRUE(main.has_value());
  EXPECT_EQ(main->section.substr(0, 5), ".text");
  EXPECT_FALSE(find_elf_global(*self, "no such symbol").has_value());
  EXPECT_FALSE(find_elf_global("no ELF file", "main").has_value());
  EXPECT_FALSE(find_elf_global(self->substr(0, 100), "main").has_value());
}

TEST(Uprobes, MultiLinksServeOneProcessSince610) {
  EXPECT_TRUE(multi_uprobes_serve(false, "6.6.9"));
  EXPECT_FALSE(multi_uprobes_serve(true, "6.6.9"));
  EXPECT_TRUE(multi_uprobes_serve(true, "6.10.0"));
}

}  // namespace
}  // namespace sonde::runtime
