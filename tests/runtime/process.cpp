#include "process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace sonde::test {
namespace {

using Clock = std::chrono::steady_clock;

int milliseconds_left(Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

// A temporary file that is gone when the object is.
struct CapturedFile {
  // O_APPEND: the traced child writes to it too, and must not overwrite.
  CapturedFile() : fd(::mkostemp(path, O_CLOEXEC | O_APPEND)) {}
  ~CapturedFile() {
    ::close(fd);
    ::unlink(path);
  }
  CapturedFile(const CapturedFile&) = delete;
  CapturedFile& operator=(const CapturedFile&) = delete;
  [[nodiscard]] std::string text() const {
    std::ifstream file(path);
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
  }
  char path[32] = "/tmp/sonde_test_XXXXXX";
  int fd;
};

pid_t spawn(const std::vector<std::string>& words, int out, int err, int keep) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (keep >= 0) ::fcntl(keep, F_SETFD, 0);
  ::execvp(argv[0], argv.data());
  _exit(127);
}

// True when the process has ended within the deadline.
bool wait_until(pid_t pid, Clock::time_point deadline, int& status) {
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  pollfd poller{fd, POLLIN, 0};
  const int ready = ::poll(&poller, 1, milliseconds_left(deadline));
  ::close(fd);
  if (ready <= 0) return false;
  int raw = 0;
  ::waitpid(pid, &raw, 0);
  status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  return true;
}

bool wait_ready(int fd, Clock::time_point deadline) {
  pollfd poller{fd, POLLIN, 0};
  char text[16];
  return ::poll(&poller, 1, milliseconds_left(deadline)) > 0 && ::read(fd, text, sizeof text) > 0;
}

int run_shell(const std::string& command, Clock::time_point deadline) {
  const pid_t pid = spawn({"/bin/sh", "-c", command}, STDERR_FILENO, STDERR_FILENO, -1);
  int status = -1;
  if (wait_until(pid, deadline, status)) return status;
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  return -1;
}

int signal_number(const std::string& name) {
  if (name == "USR1") return SIGUSR1;
  return name == "INT" ? SIGINT : SIGTERM;
}

}  // namespace

Outcome run(const Invocation& invocation) {
  Outcome outcome;
  const CapturedFile out;
  const CapturedFile err;
  const Clock::time_point deadline =
      Clock::now() + std::chrono::seconds(invocation.timeout_seconds);
  const bool wants_ready = !invocation.after.empty() || !invocation.signal.empty();
  int ready[2] = {-1, -1};
  std::vector<std::string> words = invocation.words;
  if (wants_ready) {
    if (::pipe2(ready, O_CLOEXEC) != 0) return outcome;
    words.insert(words.begin() + 1, {"--notify-fd", std::to_string(ready[1])});
  }
  if (!invocation.environment.empty()) {
    words.insert(words.begin(), invocation.environment.begin(), invocation.environment.end());
    words.insert(words.begin(), "/usr/bin/env");
  }
  const pid_t pid = spawn(words, out.fd, err.fd, ready[1]);
  if (wants_ready) {
    ::close(ready[1]);
    if (wait_ready(ready[0], deadline)) {
      if (!invocation.after.empty()) outcome.after_status = run_shell(invocation.after, deadline);
      if (!invocation.signal.empty()) ::kill(pid, signal_number(invocation.signal));
    } else {
      outcome.never_ready = true;
    }
    ::close(ready[0]);
  }
  if (!wait_until(pid, deadline, outcome.status)) {
    outcome.timed_out = true;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  outcome.out = out.text();
  outcome.err = err.text();
  return outcome;
}

std::vector<std::string> split_words(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (c == ' ') {
      if (in_word) words.push_back(word);
      word.clear();
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(word);
  return words;
}

}  // namespace sonde::test
