#include "runtime/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <utility>

namespace sonde::runtime {
namespace {

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) ::sigaddset(&set, signal);
  return set;
}

}  // namespace

Result<Signals> Signals::take_over() {
  Signals signals;
  const sigset_t wanted = set_of({SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD});
  if (::sigprocmask(SIG_BLOCK, &wanted, &signals.previous_) != 0) return fail_errno("sigprocmask");
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &signals.previous_pipe_);
  signals.active_ = true;
  signals.fd_.reset(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals.fd_.valid()) return fail_errno("signalfd");
  return signals;
}

Signals::Signals(Signals&& other) noexcept
    : fd_(std::move(other.fd_)), active_(std::exchange(other.active_, false)),
      previous_(other.previous_), previous_pipe_(other.previous_pipe_) {}

std::optional<int> Signals::next() const {
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof info) != sizeof info) return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

void Signals::let_kill() {
  const sigset_t wanted = set_of({SIGINT, SIGTERM, SIGHUP});
  ::sigprocmask(SIG_UNBLOCK, &wanted, nullptr);
}

void Signals::give_back() {
  if (!std::exchange(active_, false)) return;
  ::sigprocmask(SIG_SETMASK, &previous_, nullptr);
  ::sigaction(SIGPIPE, &previous_pipe_, nullptr);
}

}  // namespace sonde::runtime
