#include "base/fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <utility>

namespace {

using sonde::OwnedFd;

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }
int open_null() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

TEST(OwnedFdTest, ClosesOnDestruction) {
  const int raw = open_null();
  {
    const OwnedFd fd(raw);
    EXPECT_TRUE(fd.valid());
    EXPECT_TRUE(is_open(raw));
  }
  EXPECT_FALSE(is_open(raw));
}

TEST(OwnedFdTest, MoveLeavesNothingBehind) {
  OwnedFd first(open_null());
  const int raw = first.get();
  OwnedFd second(std::move(first));
  EXPECT_FALSE(first.valid());  // NOLINT(bugprone-use-after-move): that is what is tested.
  EXPECT_EQ(second.get(), raw);
  EXPECT_TRUE(is_open(raw));
}

TEST(OwnedFdTest, MoveAssignmentClosesTheOldOne) {
  OwnedFd first(open_null());
  OwnedFd second(open_null());
  const int replaced = first.get();
  const int kept = second.get();
  first = std::move(second);
  EXPECT_FALSE(is_open(replaced));
  EXPECT_EQ(first.get(), kept);
}

TEST(OwnedFdTest, ReleaseGivesItAway) {
  OwnedFd fd(open_null());
  const int raw = fd.release();
  EXPECT_FALSE(fd.valid());
  EXPECT_TRUE(is_open(raw));
  ::close(raw);
}

}  // namespace
