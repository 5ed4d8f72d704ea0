#include "runtime/event_queue.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "plan/manifest.h"

namespace sonde::runtime {
std::uint64_t EventQueue::produced() const { return ring_ == nullptr ? 0 : ring_->produced(); }

// Reads the kept records that lie there. False if one of them is still being written: behind it may be one whose turn it is.
bool EventQueue::collect() {
  if (kept_ == nullptr) return true;
  const std::uint64_t end = kept_->produced();
  kept_->drain(end, [this](Record record) {
    std::uint64_t position = 0;
    SONDE_CHECK(record.size() >= sizeof position);
    const Record content = record.first(record.size() - sizeof position);
    std::memcpy(&position, content.data() + content.size(), sizeof position);
    waiting_.emplace(position, std::vector<std::byte>(content.begin(), content.end()));
    return true;
  });
  return kept_->reached(end);
}

std::size_t EventQueue::drain(std::uint64_t until, const std::function<bool(Record)>& take) {
  if (ring_ == nullptr) return 0;
  // Looked at before the kept records: if an event below it came after one of those, that one is seen.
  const std::uint64_t end = std::min(until, ring_->produced());
  if (!collect()) return 0;
  std::size_t count = 0;
  bool more = true;
  const auto taken = [&](Record record) {
    ++count;
    return more = take(record);
  };
  while (more && !waiting_.empty() && waiting_.begin()->first <= end) {
    const auto next = waiting_.begin();
    ring_->drain(next->first, taken);
    if (!more || !ring_->reached(next->first)) return count;
    taken(next->second);
    waiting_.erase(next);
  }
  if (more) ring_->drain(end, taken);
  return count;
}

bool EventQueue::reached(std::uint64_t until) const {
  if (ring_ == nullptr) return true;
  if (!waiting_.empty() && waiting_.begin()->first <= until) return false;
  return ring_->reached(until) && (kept_ == nullptr || kept_->reached(kept_->produced()));
}

bool EventQueue::has_more() const {
  return ring_ != nullptr && !(waiting_.empty() && reached(ring_->produced()));
}

void EventQueue::skip() {
  const auto nothing = [](Record) { return true; };
  if (ring_ != nullptr) ring_->drain(ring_->produced(), nothing);
  if (kept_ != nullptr) kept_->drain(kept_->produced(), nothing);
  waiting_.clear();
}

}  // namespace sonde::runtime
