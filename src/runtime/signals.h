// Signals as events of the loop.
#pragma once

#include <signal.h>

#include <cstdint>
#include <optional>

#include "base/fd.h"
#include "base/result.h"

namespace sonde::runtime {

// While it lives: SIGINT, SIGTERM, SIGHUP, SIGUSR1 and SIGCHLD arrive through fd(), SIGPIPE is ignored. Those that the
// caller ignores stay ignored, but for SIGCHLD.
class Signals {
 public:
  [[nodiscard]] static Result<Signals> take_over();
  Signals(Signals&& other) noexcept;
  Signals& operator=(Signals&&) = delete;
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() { give_back(); }

  [[nodiscard]] int fd() const { return fd_.get(); }
  // The next signal, nullopt if there is none.
  [[nodiscard]] std::optional<int> next() const;
  // Lets the termination signals have their default effect again, so that a second Ctrl-C ends the process at once.
  void let_kill();

 private:
  Signals() = default;
  void give_back();
  OwnedFd fd_;
  bool active_ = false;
  sigset_t previous_{};
  struct sigaction previous_pipe_{};
  struct sigaction previous_child_{};
};

}  // namespace sonde::runtime
