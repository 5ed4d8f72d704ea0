// Events and the actions that found their ring full, in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "runtime/ring.h"

namespace sonde::runtime {

// Puts the records of plan::kKeptMap where they belong among those of plan::kRingMap: what one CPU has sent is taken in the
// order in which it was sent.
class EventQueue {
 public:
  // The cursors of the two rings, of the caller; null if the program has no such ring.
  EventQueue(RingCursor* ring, RingCursor* kept) : ring_(ring), kept_(kept) {}
  EventQueue(Ring* ring, Ring* kept)
      : EventQueue(ring == nullptr ? nullptr : &ring->cursor(),
                   kept == nullptr ? nullptr : &kept->cursor()) {
    if (ring != nullptr) descriptors_.push_back(ring->fd());
    if (kept != nullptr) descriptors_.push_back(kept->fd());
  }

  // To be polled.
  [[nodiscard]] const std::vector<int>& descriptors() const { return descriptors_; }
  // Where the events' producer stands; 0 without a ring.
  [[nodiscard]] std::uint64_t produced() const;
  // Hands over what was sent before the events stood at `until`. Stops at a record that is still being written, and after a
  // `take` that returns false. Returns how many there were.
  std::size_t drain(std::uint64_t until, const std::function<bool(Record)>& take);
  // Whether all of that has been taken.
  [[nodiscard]] bool reached(std::uint64_t until) const;
  // Whether there is anything to take.
  [[nodiscard]] bool has_more() const;
  // Passes over all that has been sent.
  void skip();

 private:
  bool collect();

  RingCursor* ring_;
  RingCursor* kept_;
  std::vector<int> descriptors_;
  // Kept records that have been read and wait for their turn, by the position of the events. One multimap and no queue:
  // CPUs send them in another order than they look at the position.
  std::multimap<std::uint64_t, std::vector<std::byte>> waiting_;
};

}  // namespace sonde::runtime
