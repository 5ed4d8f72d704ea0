#include "base/result.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace {

using sonde::fail;
using sonde::fail_errno;
using sonde::Result;

TEST(ResultTest, MessageAddsTheReason) {
  const Result<int> refused = fail("open /x", EACCES, "run as root");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message(), "open /x: Permission denied");
  EXPECT_EQ(refused.error().hint, "run as root");
}

TEST(ResultTest, WithoutCodeThereIsNoReason) {
  const Result<void> refused = fail("no symbol table");
  EXPECT_EQ(refused.error().message(), "no symbol table");
}

TEST(ResultTest, ErrnoIsTakenWhenItFails) {
  errno = ENOENT;
  const Result<int> refused = fail_errno(std::string("a text that needs memory: ") + "open");
  EXPECT_EQ(refused.error().code, ENOENT);
}

}  // namespace
