// --fmt, --fmt -i and --fmt --check as users and their machines call them.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "../runtime/process.h"
#include "base/file.h"

namespace sonde::test {
namespace {

using testing::HasSubstr;

constexpr const char* kGood = "begin {\n  exit();\n}\n";
constexpr const char* kUgly = "begin{exit( );}";

class FormatCommand : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(folder_), nullptr); }
  void TearDown() override {
    for (const std::string& file : files_) ::unlink(file.c_str());
    ::rmdir(folder_);
  }
  std::string file(const std::string& name, std::string_view text) {
    files_.push_back(std::string(folder_) + "/" + name);
    EXPECT_TRUE(write_file(files_.back(), text).has_value());
    return files_.back();
  }
  static Outcome format(std::vector<std::string> words) {
    words.insert(words.begin(), {SONDE_PROGRAM, "--fmt"});
    return run({.words = std::move(words), .after = "", .signal = ""});
  }

 private:
  char folder_[64] = "/tmp/sonde_format_test_XXXXXX";
  std::vector<std::string> files_;
};

TEST_F(FormatCommand, PrintsAndLeavesTheFileAlone) {
  const std::string path = file("a.bt", kUgly);
  const Outcome outcome = format({path});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, kGood);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(read_file(path).value(), kUgly);
}

TEST_F(FormatCommand, PrintsTheProgramOfTheCommandLine) {
  EXPECT_EQ(format({"-e", kUgly}).out, kGood);
}

TEST_F(FormatCommand, InPlaceRewritesWhatDiffersAndKeepsTheMode) {
  const std::string ugly = file("ugly.bt", kUgly);
  const std::string good = file("good.bt", kGood);
  ::chmod(ugly.c_str(), 0751);
  struct stat before{};
  ASSERT_EQ(::stat(good.c_str(), &before), 0);
  const Outcome outcome = format({"-i", ugly, good});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(read_file(ugly).value(), kGood);
  struct stat after{};
  ASSERT_EQ(::stat(good.c_str(), &after), 0);
  EXPECT_EQ(after.st_ino, before.st_ino);
  ASSERT_EQ(::stat(ugly.c_str(), &after), 0);
  EXPECT_EQ(after.st_mode & 07777, 0751U);
}

TEST_F(FormatCommand, InPlaceFollowsLinks) {
  const std::string target = file("target.bt", kUgly);
  const std::string link = file("link.bt", "");
  ::unlink(link.c_str());
  ASSERT_EQ(::symlink("target.bt", link.c_str()), 0);
  EXPECT_EQ(format({"-i", link}).status, 0);
  EXPECT_EQ(read_file(target).value(), kGood);
  struct stat info{};
  ASSERT_EQ(::lstat(link.c_str(), &info), 0);
  EXPECT_TRUE(S_ISLNK(info.st_mode));
}

TEST_F(FormatCommand, WrongScriptsAreReportedAndLeftAlone) {
  const std::string wrong = file("wrong.bt", "begin { $x = ; }");
  const std::string ugly = file("ugly.bt", kUgly);
  const Outcome outcome = format({"-i", wrong, ugly});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("wrong.bt:1:14: ERROR: "));
  EXPECT_EQ(read_file(wrong).value(), "begin { $x = ; }");
  EXPECT_EQ(read_file(ugly).value(), kGood);
}

TEST_F(FormatCommand, CheckShowsWhatWouldChange) {
  const std::string good = file("good.bt", kGood);
  const std::string ugly = file("ugly.bt", kUgly);
  const Outcome same = format({"--check", good});
  EXPECT_EQ(same.status, 0);
  EXPECT_EQ(same.out, "");
  const Outcome outcome = format({"--check", good, ugly});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, ugly + ": not formatted\n--- " + ugly + "\n+++ " + ugly +
                             " (formatted)\n@@ -1 +1,3 @@\n-begin{exit( );}\n"
                             "\\ No newline at end of file\n+begin {\n+  exit();\n+}\n");
  EXPECT_EQ(read_file(ugly).value(), kUgly);
}

TEST_F(FormatCommand, OptionsThatDoNotGoTogether) {
  const std::string path = file("a.bt", kUgly);
  EXPECT_THAT(format({"-i", "--check", path}).err, HasSubstr("-i and --check exclude each other"));
  EXPECT_THAT(format({"-i", "-e", kUgly}).err, HasSubstr("-i: only a file can be rewritten"));
  EXPECT_THAT(format({"-i", "-"}).err, HasSubstr("-i: only a file can be rewritten"));
  EXPECT_THAT(format({}).err, HasSubstr("no script"));
  const Outcome alone = run({.words = {SONDE_PROGRAM, "--check", path}, .after = "", .signal = ""});
  EXPECT_THAT(alone.err, HasSubstr("--check goes with --fmt"));
  EXPECT_EQ(alone.status, 1);
}

TEST_F(FormatCommand, SourceAfterMacros) {
  const char* script =
      "macro twice($x) { let $y = $x; $y * 2 } begin { $y = 1; print(twice($y) + 1); }";
  const Outcome outcome =
      run({.words = {SONDE_PROGRAM, "-d", "source", "--emit-elf", "/dev/null", "-e", script},
           .after = "",
           .signal = ""});
  EXPECT_EQ(outcome.out, "begin {\n  $y = 1;\n  print(({ let $y__1 = $y; $y__1 * 2 }) + 1);\n}\n")
      << outcome.err;
}

TEST_F(FormatCommand, MissingFiles) {
  const Outcome outcome = format({"/nonexistent.bt"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("/nonexistent.bt"));
}

}  // namespace
}  // namespace sonde::test
