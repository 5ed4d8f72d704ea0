#include "runtime/thread_events.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sonde::runtime {

Result<ThreadEvents> open_thread_events(const std::function<std::set<pid_t>()>& threads,
                                        const std::function<Result<OwnedFd>(pid_t)>& open,
                                        std::chrono::milliseconds patience) {
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + patience;
  std::set<pid_t> known = threads();
  for (;;) {
    ThreadEvents opened;
    for (const pid_t thread : known) {
      auto fd = open(thread);
      if (!fd && fd.error().code == ESRCH) continue;
      if (!fd) return std::unexpected(fd.error());
      opened.events.push_back(std::move(*fd));
    }
    std::set<pid_t> now = threads();
    opened.are_of_all = std::ranges::includes(known, now);
    if (opened.are_of_all || steady_clock::now() >= deadline) return opened;
    known = std::move(now);
  }
}

}  // namespace sonde::runtime
