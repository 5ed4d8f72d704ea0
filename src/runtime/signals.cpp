#include "runtime/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <utility>

namespace sonde::runtime {
namespace {

// The caller wants no end by this signal (nohup, background jobs of scripts).
bool is_ignored(int signal) {
  struct sigaction inherited{};
  return ::sigaction(signal, nullptr, &inherited) == 0 && inherited.sa_handler == SIG_IGN;
}

// SIGCHLD is always among them, see take_over().
sigset_t wanted_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGCHLD);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) {
    if (!is_ignored(signal)) ::sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

Result<Signals> Signals::take_over() {
  Signals signals;
  const sigset_t wanted = wanted_signals();
  if (::sigprocmask(SIG_BLOCK, &wanted, &signals.previous_) != 0) return fail_errno("sigprocmask");
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &signals.previous_pipe_);
  // A caller that ignores SIGCHLD: its child would never be reported.
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  ::sigaction(SIGCHLD, &standard, &signals.previous_child_);
  signals.active_ = true;
  signals.fd_.reset(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals.fd_.valid()) return fail_errno("signalfd");
  return signals;
}

Signals::Signals(Signals&& other) noexcept
    : fd_(std::move(other.fd_)), active_(std::exchange(other.active_, false)),
      previous_(other.previous_), previous_pipe_(other.previous_pipe_),
      previous_child_(other.previous_child_) {}

std::optional<int> Signals::next() const {
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof info) != sizeof info) return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

void Signals::let_kill() {
  sigset_t ending;
  ::sigemptyset(&ending);
  // What the caller had blocked stays so.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (::sigismember(&previous_, signal) == 0) ::sigaddset(&ending, signal);
  }
  ::sigprocmask(SIG_UNBLOCK, &ending, nullptr);
}

void Signals::give_back() {
  if (!std::exchange(active_, false)) return;
  ::sigprocmask(SIG_SETMASK, &previous_, nullptr);
  ::sigaction(SIGPIPE, &previous_pipe_, nullptr);
  ::sigaction(SIGCHLD, &previous_child_, nullptr);
}

}  // namespace sonde::runtime
