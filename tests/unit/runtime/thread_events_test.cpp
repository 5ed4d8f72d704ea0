#include "runtime/thread_events.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <vector>

namespace sonde::runtime {
namespace {

using namespace std::chrono_literals;

// A process with one thread more at each look until it has `most`.
class Growing {
 public:
  explicit Growing(pid_t most) : most_(most) {}
  std::set<pid_t> threads() {
    if (last_ < most_) ++last_;
    std::set<pid_t> all;
    for (pid_t thread = 1; thread <= last_; ++thread) all.insert(thread);
    return all;
  }

 private:
  pid_t most_;
  pid_t last_ = 0;
};

Result<OwnedFd> open_something() { return OwnedFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

TEST(ThreadEvents, AreOpenedAnewUntilNoThreadIsNew) {
  Growing process(4);
  std::vector<pid_t> opened;
  const auto found = open_thread_events([&] { return process.threads(); },
                                        [&](pid_t thread) {
                                          opened.push_back(thread);
                                          return open_something();
                                        },
                                        1h);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->are_of_all);
  EXPECT_EQ(found->events.size(), 4U);
  EXPECT_EQ(opened, (std::vector<pid_t>{1, 1, 2, 1, 2, 3, 1, 2, 3, 4}));
}

TEST(ThreadEvents, AThreadThatHasEndedHasNone) {
  const auto found = open_thread_events([] { return std::set<pid_t>{1, 2, 3}; },
                                        [](pid_t thread) -> Result<OwnedFd> {
                                          if (thread == 2) return fail("open", ESRCH);
                                          return open_something();
                                        },
                                        1h);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->are_of_all);
  EXPECT_EQ(found->events.size(), 2U);
}

TEST(ThreadEvents, OtherErrorsAreTold) {
  const auto found =
      open_thread_events([] { return std::set<pid_t>{1}; },
                         [](pid_t) -> Result<OwnedFd> { return fail("open", ENOSPC); }, 1h);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ENOSPC);
}

TEST(ThreadEvents, NewThreadsThatNeverCeaseAreToldInTheEnd) {
  Growing process(1'000'000);
  const auto found = open_thread_events([&] { return process.threads(); },
                                        [](pid_t) { return open_something(); }, 5ms);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->are_of_all);
  EXPECT_FALSE(found->events.empty());
}

}  // namespace
}  // namespace sonde::runtime
