#include "base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

namespace {

using sonde::put_file;
using sonde::read_file;
using sonde::replace_file;
using sonde::write_file;

class FileTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(folder_), nullptr); }
  void TearDown() override {
    ::unlink(path("file").c_str());
    ::rmdir(folder_);
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return std::string(folder_) + "/" + name;
  }

 private:
  char folder_[64] = "/tmp/sonde_file_test_XXXXXX";
};

TEST_F(FileTest, GivesBackWhatWasWritten) {
  // Larger than one read, with a NUL and no newline at the end.
  std::string bytes(100000, 'x');
  bytes[50000] = '\0';
  ASSERT_TRUE(write_file(path("file"), bytes).has_value());
  EXPECT_EQ(read_file(path("file")).value(), bytes);
}

TEST_F(FileTest, WritingReplaces) {
  ASSERT_TRUE(write_file(path("file"), "long text").has_value());
  ASSERT_TRUE(write_file(path("file"), "short").has_value());
  EXPECT_EQ(read_file(path("file")).value(), "short");
}

TEST_F(FileTest, ReadsFilesThatReportNoSize) {
  const auto status = read_file("/proc/self/status");
  ASSERT_TRUE(status.has_value());
  EXPECT_TRUE(status->starts_with("Name:"));
}

TEST_F(FileTest, MissingFileNamesThePath) {
  const auto missing = read_file(path("none"));
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ENOENT);
  EXPECT_EQ(missing.error().what, "open " + path("none"));
}

TEST_F(FileTest, FolderIsNotAFile) {
  const auto folder = read_file(path(""));
  ASSERT_FALSE(folder.has_value());
  EXPECT_EQ(folder.error().code, EISDIR);
}

TEST_F(FileTest, ReplacingLeavesNothingBehind) {
  ASSERT_TRUE(write_file(path("file"), "old").has_value());
  ASSERT_TRUE(replace_file(path("file"), "new").has_value());
  EXPECT_EQ(read_file(path("file")).value(), "new");
  // The folder is empty but for the file: TearDown() could not remove it otherwise.
  ::unlink(path("file").c_str());
  EXPECT_EQ(::rmdir(path("").c_str()), 0);
}

TEST_F(FileTest, ReplacingNeedsAFile) {
  EXPECT_EQ(replace_file(path("none"), "x").error().code, ENOENT);
}

TEST_F(FileTest, PuttingMakesOrReplaces) {
  ASSERT_TRUE(put_file(path("file"), "first").has_value());
  EXPECT_EQ(read_file(path("file")).value(), "first");
  ASSERT_TRUE(put_file(path("file"), "second").has_value());
  EXPECT_EQ(read_file(path("file")).value(), "second");
  EXPECT_EQ(put_file(path("none/file"), "x").error().code, ENOENT);
  EXPECT_TRUE(put_file("/dev/null", "x").has_value());  // As it is, not replaced.
}

TEST_F(FileTest, WritingToNowhereFails) {
  const auto written = write_file(path("none/file"), "x");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code, ENOENT);
}

}  // namespace
