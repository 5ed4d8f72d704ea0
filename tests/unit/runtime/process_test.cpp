// The child of -c and what stays behind after the end.
#include "runtime/process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/file.h"
#include "runtime/attachments.h"
#include "runtime/signals.h"

namespace sonde::runtime {
namespace {

using ::testing::HasSubstr;

constexpr int kPatienceMs = 10'000;

bool becomes_readable(int fd, int timeout_ms) {
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, timeout_ms) == 1;
}

// Waits for the child's end, as the loop does.
void wait_for(Child& child, const std::function<void(pid_t)>& about_to_exit = [](pid_t) {}) {
  for (int i = 0; i < kPatienceMs && !child.has_ended(); ++i) {
    child.look(about_to_exit);
    if (!child.has_ended()) ::usleep(1000);
  }
  EXPECT_TRUE(child.has_ended());
}

TEST(ChildProcess, WaitsUntilItIsReleased) {
  const std::string path = ::testing::TempDir() + "sonde_child_" + std::to_string(::getpid());
  auto child = Child::spawn("touch '" + path + "'");
  ASSERT_TRUE(child.has_value()) << child.error().message();
  ::usleep(20'000);
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_TRUE(child->release().has_value());
  wait_for(*child);
  EXPECT_TRUE(std::filesystem::remove(path));
}

TEST(ChildProcess, UnknownProgramIsKnownAtOnce) {
  const auto child = Child::spawn("sonde_no_such_program --now");
  ASSERT_FALSE(child.has_value());
  EXPECT_EQ(child.error().code, ENOENT);
  EXPECT_THAT(child.error().message(), HasSubstr("sonde_no_such_program"));
}

TEST(ChildProcess, FailedExecIsReported) {
  const std::string path = ::testing::TempDir() + "sonde_no_binary_" + std::to_string(::getpid());
  ASSERT_TRUE(write_file(path, "neither ELF nor script").has_value());
  ::chmod(path.c_str(), 0755);
  auto child = Child::spawn(path);
  ASSERT_TRUE(child.has_value());
  const auto released = child->release();
  ASSERT_FALSE(released.has_value());
  EXPECT_EQ(released.error().code, ENOEXEC);
  std::filesystem::remove(path);
}

TEST(ChildProcess, EndsWithUs) {
  pid_t pid = 0;
  {
    auto child = Child::spawn("sleep 1000");
    ASSERT_TRUE(child.has_value());
    ASSERT_TRUE(child->release().has_value());
    pid = child->pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(ChildProcess, ShowsItsMappingsBeforeItExits) {
  auto child = Child::spawn("sleep 0.05");
  ASSERT_TRUE(child.has_value());
  if (const auto traced = child->stop_before_exit(); !traced)
    GTEST_SKIP() << traced.error().message();
  ASSERT_TRUE(child->release().has_value());
  std::string maps;
  wait_for(*child, [&](pid_t pid) {
    maps = read_file("/proc/" + std::to_string(pid) + "/maps").value_or("");
  });
  EXPECT_THAT(maps, HasSubstr("/sleep"));
}

// In a process of its own, whose signals it may change.
template <class Body>
int status_of(Body body) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(SignalsTest, WhatTheCallerIgnoresStaysIgnored) {
  EXPECT_EQ(status_of([] {
              ::signal(SIGHUP, SIG_IGN);
              auto signals = Signals::take_over();
              if (!signals) return 1;
              ::kill(::getpid(), SIGHUP);
              ::kill(::getpid(), SIGTERM);
              if (signals->next() != SIGTERM) return 2;
              return signals->next() ? 3 : 0;
            }),
            0);
}

TEST(SignalsTest, ChildrenAreSeenByACallerWhoIgnoresThem) {
  EXPECT_EQ(status_of([] {
              ::signal(SIGCHLD, SIG_IGN);
              auto signals = Signals::take_over();
              if (!signals) return 1;
              const pid_t pid = ::fork();
              if (pid == 0) ::_exit(0);
              if (!becomes_readable(signals->fd(), kPatienceMs) || signals->next() != SIGCHLD)
                return 2;
              return ::waitpid(pid, nullptr, 0) == pid ? 0 : 3;
            }),
            0);
}

TEST(ChildProcess, HasTheSignalsOfTheCaller) {
  EXPECT_EQ(status_of([] {
              sigset_t blocked;
              ::sigemptyset(&blocked);
              ::sigaddset(&blocked, SIGUSR2);
              ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
              ::signal(SIGHUP, SIG_IGN);
              auto child = Child::spawn("sleep 1000");
              if (!child) return 1;
              auto signals = Signals::take_over();
              if (!signals || !child->release()) return 2;  // Returns after exec.
              const auto text = read_file("/proc/" + std::to_string(child->pid()) + "/status");
              if (!text || text->find("SigBlk:\t0000000000000800\n") == std::string::npos) return 3;
              const auto ignored = text->find("SigIgn:\t");
              if (ignored == std::string::npos) return 4;
              const std::uint64_t mask = std::stoull(text->substr(ignored + 8, 16), nullptr, 16);
              if ((mask & 1) == 0) return 5;
              child->end();  // Nothing is destroyed by _exit().
              return 0;
            }),
            0);
}

TEST(ChildProcess, WatchNeedsAProcess) {
  EXPECT_TRUE(watch_process(::getpid()).has_value());
  EXPECT_FALSE(watch_process(INT32_MAX).has_value());
}

// A process releases its slow descriptor in the background: whoever waits for the end of its pipes must not wait for the
// background process, and the descriptor must stay open until the process has gone.
TEST(AttachmentsTest, BackgroundKeepsOnlyWhatIsSlow) {
  int slow[2];
  int output[2];
  ASSERT_EQ(::pipe(slow), 0);
  ASSERT_EQ(::pipe(output), 0);
  const pid_t pid = ::fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    Attachments attachments;
    attachments.add_slow(OwnedFd(slow[1]));
    attachments.release_slow(false);
    // Still open, in the background process alone.
    const bool closed = becomes_readable(slow[0], 50);
    ::_exit(closed ? 1 : 0);
  }
  ::close(slow[1]);
  ::close(output[1]);
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  char byte = 0;
  ASSERT_TRUE(becomes_readable(output[0], kPatienceMs));
  EXPECT_EQ(::read(output[0], &byte, 1), 0);
  ASSERT_TRUE(becomes_readable(slow[0], kPatienceMs));
  EXPECT_EQ(::read(slow[0], &byte, 1), 0);
  ::close(slow[0]);
  ::close(output[0]);
}

TEST(AttachmentsTest, WaitingClosesHere) {
  int slow[2];
  ASSERT_EQ(::pipe(slow), 0);
  Attachments attachments;
  attachments.add_slow(OwnedFd(slow[1]));
  EXPECT_FALSE(becomes_readable(slow[0], 0));
  attachments.release_slow(true);
  EXPECT_TRUE(becomes_readable(slow[0], 0));
  ::close(slow[0]);
}

}  // namespace
}  // namespace sonde::runtime
