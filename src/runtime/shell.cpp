#include "runtime/shell.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "base/fd.h"

namespace sonde::runtime {
namespace {

// What the command inherits: the pipe as standard output, and no blocked signals (the tracer takes its own by signalfd).
Result<pid_t> spawn(const std::string& command, int out) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  const char* const words[] = {"/bin/sh", "-c", command.c_str(), nullptr};
  pid_t pid = 0;
  const int code = ::posix_spawn(&pid, words[0], &actions, &attributes,
                                 const_cast<char* const*>(words), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (code != 0) return fail("start /bin/sh", code);
  return pid;
}

}  // namespace

Result<std::string> run_shell(const std::string& command) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno("pipe for system()");
  const OwnedFd from(ends[0]);
  OwnedFd to(ends[1]);
  const auto pid = spawn(command, to.get());
  if (!pid) return std::unexpected(pid.error());
  to.reset();
  std::string output;
  char chunk[4096];
  while (true) {
    const ssize_t got = ::read(from.get(), chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    output.append(chunk, static_cast<std::size_t>(got));
  }
  while (::waitpid(*pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return output;
}

}  // namespace sonde::runtime
