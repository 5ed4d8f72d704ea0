#include "kernel/zip.h"

#include <gtest/gtest.h>

#include "support/zip_writer.h"
#include "temporary_folder.h"

namespace sonde::kernel {
namespace {

using test::zip_archive;

class ZipTest : public testing::Test {
 protected:
  Result<ZipMember> read(const std::string& bytes, std::string_view member = "lib/x.so") {
    return read_zip_member(folder_.add("a.zip", bytes), member);
  }
  TemporaryFolder folder_;
};

TEST_F(ZipTest, Stored) {
  const std::string whole = zip_archive("lib/x.so", "contents", 16, 0, "a comment");
  const auto found = read(whole);
  ASSERT_TRUE(found.has_value()) << found.error().message();
  EXPECT_EQ(found->bytes, "contents");
  EXPECT_EQ(whole.substr(found->offset, 8), "contents");
  EXPECT_EQ(found->offset % 16, 0U);
}

TEST_F(ZipTest, WhatCannotBeRead) {
  EXPECT_NE(read(zip_archive("lib/x.so", "contents", 1, 8)).error().message().find("compressed"),
            std::string::npos);
  EXPECT_NE(read(zip_archive("other", "contents")).error().message().find("no file lib/x.so"),
            std::string::npos);
  EXPECT_NE(read("no archive").error().message().find("not a ZIP archive"), std::string::npos);
  EXPECT_FALSE(read("").has_value());
  EXPECT_FALSE(read_zip_member("/nonexistent", "x").has_value());
}

TEST_F(ZipTest, CutAndChanged) {
  const std::string whole = zip_archive("lib/x.so", "contents");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(read(whole.substr(0, size)).has_value());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(0xff);
    const auto found = read(changed);
    EXPECT_TRUE(!found || found->bytes.size() == 8);
  }
}

TEST_F(ZipTest, Paths) {
  const std::string file = folder_.add("a.zip", "x");
  const auto found = split_archive_path(file + "!/lib/x.so");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->first, file);
  EXPECT_EQ(found->second, "lib/x.so");
  EXPECT_FALSE(split_archive_path(file).has_value());
  EXPECT_FALSE(split_archive_path(file + "!/").has_value());
  EXPECT_FALSE(split_archive_path(folder_.path("none.zip") + "!/x").has_value());
  folder_.add("a.zip!/real", "x");
  EXPECT_FALSE(split_archive_path(file + "!/real").has_value());
}

}  // namespace
}  // namespace sonde::kernel
