// The descriptors that keep programs attached, and how they are let go.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.h"
#include "runtime/watchpoints.h"

namespace sonde::runtime {

class Attachments {
 public:
  Attachments() = default;
  Attachments(const Attachments&) = delete;
  Attachments& operator=(const Attachments&) = delete;
  ~Attachments() {
    close_quick();
    release_slow(false);
  }

  // Closing takes well under a millisecond: raw tracepoints, tp_btf, software events.
  void add_quick(OwnedFd fd) { quick_.push_back(std::move(fd)); }
  // Closing waits for the kernel's grace periods, 70 ms and more for each: perf tracepoints, kprobes and uprobes.
  void add_slow(OwnedFd fd) { slow_.push_back(std::move(fd)); }

  // What the runtime has to read to the end for the program to run. Closing it is quick.
  void add_iterator(OwnedFd fd) { iterators_.push_back(std::move(fd)); }
  [[nodiscard]] const std::vector<OwnedFd>& iterators() const { return iterators_; }
  // A file that keeps a program attached when sonde has ended.
  void add_pin(std::string path) { pins_.push_back(std::move(path)); }
  // Takes the files away again.
  void remove_pins();

  // What no descriptor holds: `undo` is called when the others are closed.
  void add_undo(std::function<void()> undo) { undo_.push_back(std::move(undo)); }

  // Calls of kernel functions that were not seen, all links together, from begin_counting() to end_counting() or now; see
  // link_misses.h.
  void begin_counting() { missed_before_ = count_missed(); }
  void end_counting() { missed_in_the_end_ = count_missed(); }
  [[nodiscard]] std::uint64_t missed_calls();

  [[nodiscard]] Watchpoints& watchpoints() { return watchpoints_; }

  void close_quick();
  // With `wait` closes them here. Otherwise a background process keeps them until this one has ended and lets them go
  // then; their programs must be paused.
  void release_slow(bool wait);

 private:
  [[nodiscard]] std::uint64_t count_missed();

  std::vector<OwnedFd> quick_;
  std::vector<OwnedFd> slow_;
  // Those of slow_ that count what they miss; looked for when it is first asked.
  std::optional<std::vector<int>> counting_;
  std::uint64_t missed_before_ = 0;
  std::optional<std::uint64_t> missed_in_the_end_;
  std::vector<OwnedFd> iterators_;
  std::vector<std::string> pins_;
  std::vector<std::function<void()>> undo_;
  Watchpoints watchpoints_;
};

}  // namespace sonde::runtime
