#include "runtime/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <utility>
#include <vector>

#include "base/text.h"
#include "runtime/words.h"

namespace sonde::runtime {
namespace {

constexpr std::int64_t kPatienceMs = 2000;  // Between SIGTERM and SIGKILL.

bool is_program(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

// The search that execvp() would do, done once and before anything is traced.
Result<std::string> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (::access(name.c_str(), X_OK) != 0) return fail_errno("cannot run '" + name + "' (-c)");
    return name;
  }
  const char* path = std::getenv("PATH");
  for (const std::string_view folder : split(path == nullptr ? "/bin:/usr/bin" : path, ':')) {
    const std::string candidate = (folder.empty() ? "." : std::string(folder)) + "/" + name;
    if (is_program(candidate)) return candidate;
  }
  return fail("cannot run '" + name + "' (-c)", ENOENT,
              "no folder of PATH holds it; give its full path");
}

// In the child: nothing but async-signal-safe calls. Between the byte and exec there is none, since it would be traced.
[[noreturn]] void wait_and_exec(const char* program, char* const* arguments, int go, int failure) {
  char byte = 0;
  if (::read(go, &byte, 1) != 1) ::_exit(127);  // The parent has gone: do not start.
  ::execv(program, arguments);
  const int code = errno;
  [[maybe_unused]] const ssize_t put = ::write(failure, &code, sizeof code);
  ::_exit(127);
}

std::int64_t now_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

}  // namespace

Result<OwnedFd> watch_process(pid_t pid) {
  // glibc before 2.36 has no wrapper.
  OwnedFd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!fd.valid()) return fail_errno("watch process " + std::to_string(pid));
  return fd;
}

Result<Child> Child::spawn(const std::string& command) {
  auto words = split_words(command);
  if (!words) return std::unexpected(words.error());
  auto program = find_program(words->front());
  if (!program) return std::unexpected(program.error());
  int go[2];
  int failure[2];
  if (::pipe2(go, O_CLOEXEC) != 0) return fail_errno("pipe");
  OwnedFd go_read(go[0]);
  OwnedFd go_write(go[1]);
  if (::pipe2(failure, O_CLOEXEC) != 0) return fail_errno("pipe");
  OwnedFd failure_read(failure[0]);
  const OwnedFd failure_write(failure[1]);
  std::vector<char*> arguments;
  for (std::string& word : *words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) return fail_errno("fork");
  if (pid == 0) {
    go_write.reset();
    wait_and_exec(program->c_str(), arguments.data(), go_read.get(), failure_write.get());
  }
  return Child(pid, *program, std::move(go_write), std::move(failure_read));
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), program_(std::move(other.program_)),
      go_(std::move(other.go_)), failure_(std::move(other.failure_)), traced_(other.traced_),
      ended_(other.ended_) {}

Child::~Child() { end(); }

Result<void> Child::stop_before_exit() {
  // Seizing, other than attaching, neither stops the child nor changes how it sees signals.
  if (::ptrace(PTRACE_SEIZE, pid_, nullptr, PTRACE_O_TRACEEXIT) != 0) {
    return fail_errno("watch the exit of " + program_);
  }
  traced_ = true;
  return {};
}

Result<void> Child::release() {
  const char byte = 1;
  if (::write(go_.get(), &byte, 1) != 1) return fail_errno("start '" + program_ + "' (-c)");
  go_.reset();
  int code = 0;
  ssize_t got = 0;
  do {
    got = ::read(failure_.get(), &code, sizeof code);
  } while (got < 0 && errno == EINTR);
  failure_.reset();
  if (got == sizeof code) return fail("cannot run '" + program_ + "' (-c)", code);
  return {};
}

// `status` as waitid(2) has it: the signal, and the event above it.
void Child::handle_stop(int status, const std::function<void(pid_t)>& about_to_exit) {
  const int event = status >> 8;
  const int stop_signal = status & 0xff;
  if (event == PTRACE_EVENT_EXIT) about_to_exit(pid_);
  if (event == PTRACE_EVENT_STOP && stop_signal != SIGTRAP) {
    ::ptrace(PTRACE_LISTEN, pid_, nullptr,
             nullptr);  // Job control: it stays stopped until SIGCONT.
    return;
  }
  // Anything but an event is a signal on its way to the child: pass it on.
  const long signal = event == 0 ? stop_signal : 0;
  ::ptrace(PTRACE_CONT, pid_, nullptr, signal);
}

void Child::look(const std::function<void(pid_t)>& about_to_exit) {
  while (!has_ended()) {
    siginfo_t info{};
    const auto wait = [&](int options) {
      return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WNOHANG | options);
    };
    // Left as it is: what has ended keeps its place in /proc.
    if (wait(WEXITED | WNOWAIT) != 0) {
      ended_ = errno != EINTR;
    } else if (info.si_pid != pid_) {
      return;
    } else if (info.si_code != CLD_STOPPED && info.si_code != CLD_TRAPPED) {
      ended_ = true;
    } else if (wait(0) == 0 && info.si_pid == pid_ && traced_) {
      handle_stop(info.si_status, about_to_exit);
    }
  }
}

void Child::bury() {
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

void Child::end() {
  if (pid_ <= 0) return;
  if (ended_) return bury();
  go_.reset();
  ::kill(pid_, SIGTERM);
  const auto watch = watch_process(pid_);
  const std::int64_t deadline = now_ms() + kPatienceMs;
  while (true) {
    look([](pid_t) {});
    if (ended_) return bury();
    if (now_ms() >= deadline) ::kill(pid_, SIGKILL);
    // A traced child reports stops by SIGCHLD only, which may be blocked: look again soon.
    pollfd waiting{watch ? watch->get() : -1, POLLIN, 0};
    ::poll(&waiting, 1, traced_ || !watch ? 5 : 100);
  }
}

}  // namespace sonde::runtime
