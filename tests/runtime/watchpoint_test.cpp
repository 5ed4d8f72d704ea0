// Watchpoints whose address only the machine knows.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <regex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "process.h"
#include "requirements.h"

// What the processes of these tests call, and the probes name.
extern "C" __attribute__((noinline, visibility("default"))) void watched_change(
    int unused, volatile int* value) {
  static_cast<void>(unused);
  // The kernel carries out the instruction under a probe before a signal stops the process.
  __asm__ volatile("nop" : : : "memory");
  *value = 42;
}

namespace sonde::test {
namespace {

constexpr const char* kScript = "watchpoint:watched_change+arg1:4:w { @[pid] = count(); } ";

// A child that runs `body` once it is told to, and ends with 7.
class Process {
 public:
  explicit Process(const std::function<void()>& body) {
    EXPECT_EQ(::pipe(gate_), 0);
    pid_ = ::fork();
    if (pid_ != 0) return;
    char byte = 0;
    ::close(gate_[1]);
    if (::read(gate_[0], &byte, 1) == 1) body();
    ::_exit(7);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    ::close(gate_[0]);
    ::close(gate_[1]);
    if (has_ended_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  [[nodiscard]] pid_t pid() const { return pid_; }
  void let_go() const { EXPECT_EQ(::write(gate_[1], "x", 1), 1); }
  // As a shell would do it, while sonde runs.
  [[nodiscard]] std::string let_go_command() const {
    return "printf x > /proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(gate_[1]);
  }
  // The status that it ends with or, with `stops`, stops with; -1 if it does not within ten seconds.
  int wait(bool stops) {
    for (int i = 0; i < 1000; ++i) {
      int status = 0;
      if (::waitpid(pid_, &status, WNOHANG | (stops ? WUNTRACED : 0)) == pid_) {
        has_ended_ = !WIFSTOPPED(status);
        return status;
      }
      ::usleep(10'000);
    }
    return -1;
  }

 private:
  int gate_[2] = {-1, -1};
  pid_t pid_ = -1;
  bool has_ended_ = false;
};

// Not on the stack, which others write to later.
void change(int times) {
  static volatile int value = 0;
  for (int i = 0; i < times; ++i) watched_change(0, &value);
}

class UserWatchpoint : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* requirement : {"root", "debug_registers"}) {
      if (const auto reason = lacking(requirement)) GTEST_SKIP() << *reason;
    }
  }
};

// The process has stopped until its memory is watched, and nobody is left to watch it.
TEST_F(UserWatchpoint, ProcessGoesOnWhenSondeIsKilled) {
  Process target([] { change(1); });
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const std::string pid = std::to_string(target.pid());
  const std::string notify = std::to_string(ready[1]);
  const pid_t sonde = ::fork();
  if (sonde == 0) {
    ::execl(SONDE_PROGRAM, SONDE_PROGRAM, "--notify-fd", notify.c_str(), "-q", "-p", pid.c_str(),
            "-e", kScript, nullptr);
    ::_exit(127);
  }
  ::close(ready[1]);
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ::close(ready[0]);
  ::kill(sonde, SIGSTOP);  // So that it does not answer.
  target.let_go();
  ASSERT_TRUE(WIFSTOPPED(target.wait(true)));
  ::kill(sonde, SIGKILL);
  ::waitpid(sonde, nullptr, 0);
  const int status = target.wait(false);
  ASSERT_NE(status, -1) << "it still stands";
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST_F(UserWatchpoint, ProcessThatStopsItselfStaysSo) {
  Process target([] {
    change(1);
    ::raise(SIGSTOP);
  });
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM, "-q",
                      "-p",          std::to_string(target.pid()),
                      "-e",          std::string(kScript) + "interval:s:1 { exit(); }"};
  invocation.after = target.let_go_command();
  const Outcome outcome = run(invocation);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "\n\n@[" + std::to_string(target.pid()) + "]: 1\n");
  std::ifstream status("/proc/" + std::to_string(target.pid()) + "/stat");
  std::string line;
  std::getline(status, line);
  EXPECT_NE(line.find(") T "), std::string::npos) << line;
  ::kill(target.pid(), SIGCONT);
  EXPECT_EQ(WEXITSTATUS(target.wait(false)), 7);
}

TEST_F(UserWatchpoint, OfSeveralProcesses) {
  Process first([] { change(3); });
  Process second([] { change(4); });
  Invocation invocation;
  invocation.words = {
      SONDE_PROGRAM, "-q",   "-p", std::to_string(first.pid()), "-p", std::to_string(second.pid()),
      "-e",          kScript};
  invocation.after = first.let_go_command() + "; " + second.let_go_command();
  const Outcome outcome = run(invocation);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const auto& [process, count] : {std::pair{&first, "3"}, std::pair{&second, "4"}}) {
    const std::string line = "@[" + std::to_string(process->pid()) + "]: " + count + "\n";
    EXPECT_NE(outcome.out.find(line), std::string::npos) << outcome.out;
  }
}

// A variable at one address in a process and in the one that it starts.
volatile int shared_address = 0;

TEST_F(UserWatchpoint, OfChildrenByAddress) {
  Process target([] {
    shared_address = 1;
    if (::fork() == 0) {
      shared_address = 2;
      shared_address = 3;
      ::_exit(0);
    }
    ::wait(nullptr);
  });
  std::ostringstream address;
  address << static_cast<const volatile void*>(&shared_address);
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM,
                      "-q",
                      "--follow",
                      "-p",
                      std::to_string(target.pid()),
                      "-e",
                      "watchpoint:" + address.str() + ":4:w { @[pid] = count(); }"};
  invocation.after = target.let_go_command();
  const Outcome outcome = run(invocation);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  std::smatch counts;
  ASSERT_TRUE(
      std::regex_search(outcome.out, counts, std::regex("@\\[(\\d+)\\]: 1\n@\\[(\\d+)\\]: 2\n")))
      << outcome.out;
  EXPECT_EQ(counts[1], std::to_string(target.pid()));
}

// Threads that are started while the process's threads are looked at are watched as well, and none of them twice.
TEST_F(UserWatchpoint, OfThreadsThatAreBeingStarted) {
  static constexpr int kThreads = 300;
  int ready[2];  // All are watched: they may write.
  ASSERT_EQ(::pipe(ready), 0);
  Process target([&] {
    int gate[2];
    if (::pipe(gate) != 0) return;
    // Each starts the next one, so that one that is not watched has none that is behind it.
    const std::function<void(int)> live = [&](int left) {
      ::usleep(100);
      std::thread next;
      if (left > 1) next = std::thread(live, left - 1);
      char byte = 0;
      if (::read(gate[0], &byte, 1) == 1) shared_address = 1;
      if (next.joinable()) next.join();
    };
    std::thread first(live, int{kThreads});
    const std::string all(kThreads, 'x');
    char byte = 0;
    if (::read(ready[0], &byte, 1) != 1) return;
    if (::write(gate[1], all.data(), all.size()) != kThreads) return;
    first.join();
  });
  std::ostringstream address;
  address << static_cast<const volatile void*>(&shared_address);
  target.let_go();
  ::usleep(10'000);
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM, "-q",
                      "-p",          std::to_string(target.pid()),
                      "-e",          "watchpoint:" + address.str() + ":4:w { @ = count(); }"};
  invocation.after =
      "printf x > /proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(ready[1]);
  const Outcome outcome = run(invocation);
  ::close(ready[0]);
  ::close(ready[1]);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "\n\n@: " + std::to_string(kThreads) + "\n");
}

// Requests to watch memory fill their ring while nobody reads it: exit() is seen all the same.
TEST_F(UserWatchpoint, ExitIsSeenAmongManyRequests) {
  Process target([] {
    ::syscall(SYS_getpriority, 1000, 0);
    ::usleep(50'000);
    change(2000);
    ::syscall(SYS_getpriority, 1001, 0);
    change(2000);
    ::usleep(600'000);
  });
  const std::string pid = std::to_string(target.pid());
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM,
                      "-q",
                      "--unsafe",
                      "-p",
                      pid,
                      "-e",
                      "asyncwatchpoint:watched_change+arg1:4:w { @ = count(); } "
                      "tracepoint:syscalls:sys_enter_getpriority /pid == " +
                          pid +
                          "/ { if (args.which == 1000) { system(\"sleep 0.5\"); }"
                          " if (args.which == 1001) { exit(9); } }"};
  invocation.after = target.let_go_command();
  const Outcome outcome = run(invocation);
  EXPECT_EQ(outcome.status, 9) << outcome.out << outcome.err;
  EXPECT_NE(outcome.err.find("Lost "), std::string::npos)
      << "the ring was large enough: the test shows nothing";
}

// Of a variable of the kernel, "" if the kernel does not tell.
std::string kernel_address(const std::string& name) {
  std::ifstream symbols("/proc/kallsyms");
  for (std::string line; std::getline(symbols, line);) {
    std::istringstream words(line);
    std::string address;
    std::string type;
    std::string symbol;
    words >> address >> type >> symbol;
    if (symbol == name) return "0x" + address;
  }
  return {};
}

// Without -p and -c the address is the kernel's. The timer writes this variable, less often than HZ where the clock ticks by need.
TEST(Watchpoint, OfTheKernel) {
  for (const char* requirement : {"root", "guest", "debug_registers"}) {
    if (const auto reason = lacking(requirement)) GTEST_SKIP() << *reason;
  }
  const std::string address = kernel_address("jiffies");
  if (address.empty()) GTEST_SKIP() << "this kernel does not tell where its variables are";
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM, "-q", "-e",
                      "watchpoint:" + address + ":8:w { @ = count(); } interval:s:2 { exit(); }"};
  invocation.timeout_seconds = 120;
  const Outcome outcome = run(invocation);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  std::smatch count;
  ASSERT_TRUE(std::regex_search(outcome.out, count, std::regex("@: (\\d+)\n"))) << outcome.out;
  EXPECT_GE(std::stoi(count[1]), 10);
}

}  // namespace
}  // namespace sonde::test
