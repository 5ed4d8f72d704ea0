// Reading BPF ring buffers: an own mmap consumer, so that records can be taken up to a position and in batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "base/fd.h"
#include "base/result.h"

namespace sonde::runtime {

using Record = std::span<const std::byte>;

// The reading end of a ring buffer in memory. Layout and flags: Documentation/bpf/ringbuf.rst of the kernel.
class RingCursor {
 public:
  // `data` is mapped twice in a row, so that a record never wraps; `bytes` is a power of two.
  RingCursor(unsigned long* consumer, const unsigned long* producer, const std::byte* data,
             std::size_t bytes)
      : consumer_(consumer), producer_(producer), data_(data), mask_(bytes - 1) {}

  // Where the producer stands: all records reserved so far lie below.
  [[nodiscard]] std::uint64_t produced() const;
  // Hands the committed records that start below `until` to `take`, oldest first. Stops at a record that is still being
  // written, and after a `take` that returns false. Returns how many were taken.
  std::size_t drain(std::uint64_t until, const std::function<bool(Record)>& take);
  [[nodiscard]] bool reached(std::uint64_t position) const;

 private:
  unsigned long* consumer_;
  const unsigned long* producer_;
  const std::byte* data_;
  std::size_t mask_;
};

// A ring buffer map, mapped. The map's descriptor is the caller's and can be polled.
class Ring {
 public:
  [[nodiscard]] static Result<Ring> open(int map_fd);
  Ring(Ring&& other) noexcept;
  Ring& operator=(Ring&&) = delete;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] RingCursor& cursor() { return cursor_; }

 private:
  Ring(int fd, void* consumer, void* producer, std::size_t page, std::size_t bytes);
  int fd_;
  void* consumer_;
  void* producer_;
  std::size_t page_;
  std::size_t bytes_;
  RingCursor cursor_;
};

}  // namespace sonde::runtime
