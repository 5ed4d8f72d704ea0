#include "runtime/attachments.h"

#include <unistd.h>

#include <algorithm>

#include "runtime/background.h"
#include "runtime/link_misses.h"

namespace sonde::runtime {

void Attachments::close_quick() {
  watchpoints_.clear();
  quick_.clear();
  iterators_.clear();
  for (const auto& undo : undo_) undo();
  undo_.clear();
}

void Attachments::remove_pins() {
  for (const std::string& path : pins_) ::unlink(path.c_str());
  pins_.clear();
}

// CPUs that count at the same time overwrite each other: the number may become smaller.
std::uint64_t Attachments::missed_calls() {
  const std::uint64_t now = missed_in_the_end_ ? *missed_in_the_end_ : count_missed();
  return now - std::min(now, missed_before_);
}

std::uint64_t Attachments::count_missed() {
  if (!counting_) {
    counting_.emplace();
    for (const OwnedFd& fd : slow_) {
      if (runtime::missed_calls(fd.get())) counting_->push_back(fd.get());
    }
  }
  std::uint64_t sum = 0;
  for (const int fd : *counting_) sum += runtime::missed_calls(fd).value_or(0);
  return sum;
}

void Attachments::release_slow(bool wait) {
  if (slow_.empty()) return;
  if (!wait) {
    std::vector<int> kept;
    for (const OwnedFd& fd : slow_) kept.push_back(fd.get());
    after_death(std::move(kept), [] {});
  }
  // Quick when the background process holds them too.
  slow_.clear();
  counting_.reset();
}

}  // namespace sonde::runtime
