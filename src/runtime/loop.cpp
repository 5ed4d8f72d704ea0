#include "runtime/loop.h"

#include <sys/epoll.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace sonde::runtime {

Result<Loop> Loop::create() {
  OwnedFd fd(::epoll_create1(EPOLL_CLOEXEC));
  if (!fd.valid()) return fail_errno("epoll_create1");
  return Loop(std::move(fd));
}

Result<void> Loop::add(int fd, std::function<void()> handle) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = handlers_.size();
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return fail_errno("epoll_ctl");
  handlers_.push_back(std::move(handle));
  return {};
}

void Loop::remove(int fd) { ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

Result<void> Loop::wait(int timeout_ms) {
  epoll_event events[8];
  const int ready = ::epoll_wait(epoll_.get(), events, 8, timeout_ms);
  if (ready < 0 && errno != EINTR) return fail_errno("epoll_wait");
  for (int i = 0; i < ready; ++i) handlers_[events[i].data.u64]();
  return {};
}

}  // namespace sonde::runtime
