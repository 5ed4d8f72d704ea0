// Separate debug files and what they replace, made here with binutils.
#include "kernel/debug_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "kernel/debug_info.h"
#include "kernel/elf.h"
#include "temporary_folder.h"

namespace sonde::kernel {
namespace {

std::string program(const std::string& name) { return SONDE_TEST_PROGRAMS "/" + name; }

bool shell(const std::string& command) {
  return std::system(("{ " + command + "; } 2>/dev/null").c_str()) == 0;  // NOLINT
}

// A stripped copy of a program, and its debug file beside it.
class DebugFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string whole = program("debugged");
    const bool made = shell("objcopy --only-keep-debug " + whole + " " + debug +
                            " && objcopy --strip-all --add-gnu-debuglink=" + debug + " " + whole +
                            " " + stripped);
    if (!made) GTEST_SKIP() << "needs objcopy of binutils";
  }
  // Whether the arguments of a function are known.
  [[nodiscard]] bool is_described() const {
    types::Context types;
    auto info = DebugInfo::open(stripped, types);
    auto whole = ElfSymbols::open(program("debugged"));
    if (!info || !whole) return false;
    const auto signature =
        (*info)->function(whole->find("debugged_negative").at(0).address, "debugged_negative");
    return signature && signature->places.size() == 1;
  }
  [[nodiscard]] std::size_t count_symbols() const {
    auto symbols = ElfSymbols::open(stripped);
    return symbols ? symbols->find("debugged_*").size() : 0;
  }
  TemporaryFolder folder;
  std::string stripped = folder.path("stripped");
  std::string debug = folder.path("stripped.debug");
};

TEST_F(DebugFiles, BesideTheProgram) {
  EXPECT_TRUE(is_described());
  EXPECT_GT(count_symbols(), 5U);
  std::filesystem::create_directory(folder.path(".debug"));
  std::filesystem::rename(debug, folder.path(".debug/stripped.debug"));
  EXPECT_TRUE(is_described());
}

TEST_F(DebugFiles, Missing) {
  std::filesystem::remove(debug);
  types::Context types;
  const auto info = DebugInfo::open(stripped, types);
  ASSERT_FALSE(info.has_value());
  EXPECT_THAT(info.error().what, ::testing::HasSubstr("no debug information"));
  EXPECT_FALSE(info.error().hint.empty());
  EXPECT_FALSE(DebugInfo::open("/nonexistent", types).has_value());
  EXPECT_EQ(count_symbols(), 0U);
}

// The one of another build would name wrong registers.
TEST_F(DebugFiles, OfAnotherBuild) {
  ASSERT_TRUE(shell("objcopy --only-keep-debug " + program("debugged_optimized") + " " + debug));
  EXPECT_FALSE(is_described());
  EXPECT_EQ(count_symbols(), 0U);
}

// Without build ids the checksum tells.
TEST_F(DebugFiles, ByChecksum) {
  const std::string whole = folder.path("whole");
  const auto make = [&] {
    return shell("objcopy --remove-section=.note.gnu.build-id " + program("debugged") + " " +
                 whole + " && objcopy --only-keep-debug " + whole + " " + debug +
                 " && objcopy --strip-all --add-gnu-debuglink=" + debug + " " + whole + " " +
                 stripped);
  };
  ASSERT_TRUE(make());
  EXPECT_TRUE(is_described());
  ASSERT_TRUE(shell("printf x >> " + debug));
  EXPECT_FALSE(is_described());
}

// As distributions make it: the names of functions, compressed, in the program itself.
TEST_F(DebugFiles, SymbolsInTheProgram) {
  std::filesystem::remove(debug);
  const std::string small = folder.path("small");
  const bool made = shell("objcopy --strip-debug --remove-section=.comment " + program("debugged") +
                          " " + small + " && xz -k " + small +
                          " && objcopy --add-section=.gnu_debugdata=" + small + ".xz " + stripped);
  if (!made) GTEST_SKIP() << "needs xz";
  EXPECT_GT(count_symbols(), 5U);
  auto symbols = ElfSymbols::open(stripped);
  auto whole = ElfSymbols::open(program("debugged"));
  ASSERT_TRUE(symbols.has_value() && whole.has_value());
  EXPECT_EQ(symbols->find("debugged_negative").at(0).file_offset,
            whole->find("debugged_negative").at(0).file_offset);
  const auto address = whole->find("debugged_negative").at(0).address;
  EXPECT_EQ(symbols->resolve(address + 1)->name, "debugged_negative");
  // Cut short, or no archive at all.
  ASSERT_TRUE(shell("head -c 100 " + small + ".xz > " + folder.path("cut") +
                    " && objcopy --update-section=.gnu_debugdata=" + folder.path("cut") + " " +
                    stripped));
  EXPECT_EQ(count_symbols(), 0U);
}

TEST(MountRoot, OfPaths) {
  EXPECT_EQ(mount_root("/proc/12/root/usr/bin/x"), "/proc/12/root");
  EXPECT_EQ(mount_root("/proc/12/root"), "/proc/12/root");
  EXPECT_EQ(mount_root("/proc/12/rootkit/x"), "");
  EXPECT_EQ(mount_root("/proc/self/root/x"), "");
  EXPECT_EQ(mount_root("/proc/x/root/y"), "");
  EXPECT_EQ(mount_root("/usr/bin/x"), "");
}

}  // namespace
}  // namespace sonde::kernel
