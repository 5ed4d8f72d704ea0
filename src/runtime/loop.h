// Waiting for several descriptors at once.
#pragma once

#include <functional>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace sonde::runtime {

class Loop {
 public:
  [[nodiscard]] static Result<Loop> create();
  // `handle` is called whenever `fd` is readable; the descriptor stays the caller's.
  [[nodiscard]] Result<void> add(int fd, std::function<void()> handle);
  // Its handler is not called any more.
  void remove(int fd);
  // Waits until something is readable, for `timeout_ms` at most (-1: for ever), and calls its handlers.
  [[nodiscard]] Result<void> wait(int timeout_ms);

 private:
  explicit Loop(OwnedFd epoll) : epoll_(std::move(epoll)) {}
  OwnedFd epoll_;
  std::vector<std::function<void()>> handlers_;
};

}  // namespace sonde::runtime
