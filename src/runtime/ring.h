// Reading BPF ring buffers: an own consumer, so that records can be taken up to a position and in batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "base/result.h"

namespace sonde::runtime {

using Record = std::span<const std::byte>;

// Where a ring's data can be read.
class RingMemory {
 public:
  virtual ~RingMemory() = default;
  // At least the longest record's bytes, contiguous, from `offset` (below the ring's size) on. Valid until the next call.
  virtual const std::byte* at(std::size_t offset) = 0;
};

// The reading end of a ring buffer. Layout and flags: Documentation/bpf/ringbuf.rst of the kernel.
class RingCursor {
 public:
  // `bytes` is the ring's size, a power of two.
  RingCursor(unsigned long* consumer, const unsigned long* producer, RingMemory& memory,
             std::size_t bytes)
      : consumer_(consumer), producer_(producer), memory_(&memory), mask_(bytes - 1) {}

  // Where the producer stands: all records reserved so far lie below.
  [[nodiscard]] std::uint64_t produced() const;
  // Hands the committed records that start below `until` to `take`, oldest first. Stops at a record that is still being
  // written, and after a `take` that returns false. Returns how many were taken.
  std::size_t drain(std::uint64_t until, const std::function<bool(Record)>& take);
  [[nodiscard]] bool reached(std::uint64_t position) const;

 private:
  unsigned long* consumer_;
  const unsigned long* producer_;
  RingMemory* memory_;
  std::size_t mask_;
};

// A window onto a ring's data that moves with the reader. Mapping all of it, twice in a row as is usual, takes 0.6 ms and
// 8 MiB for a ring of 4 MiB, since the kernel fills such mappings at once; most scripts use a few pages of it.
class RingWindow final : public RingMemory {
 public:
  // For records of up to `longest` bytes.
  [[nodiscard]] static Result<RingWindow> open(int map_fd, std::size_t ring_bytes,
                                               std::size_t longest);
  RingWindow(RingWindow&& other) noexcept;
  RingWindow& operator=(RingWindow&&) = delete;
  RingWindow(const RingWindow&) = delete;
  RingWindow& operator=(const RingWindow&) = delete;
  ~RingWindow() override;

  const std::byte* at(std::size_t offset) override;

 private:
  RingWindow(int fd, void* mapped, std::size_t bytes, std::size_t step)
      : fd_(fd), mapped_(mapped), bytes_(bytes), step_(step) {}
  int fd_;
  void* mapped_;
  std::size_t bytes_;      // Of the window.
  std::size_t step_;       // Its start is a multiple of this.
  std::size_t start_ = 0;  // In the ring's data.
};

// A ring buffer map. Its descriptor is the caller's and can be polled.
class Ring {
 public:
  // For records of up to `longest` bytes.
  [[nodiscard]] static Result<std::unique_ptr<Ring>> open(int map_fd, std::size_t longest);
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] RingCursor& cursor() { return cursor_; }

 private:
  Ring(int fd, void* consumer, void* producer, std::size_t page, std::size_t bytes,
       RingWindow window);
  int fd_;
  void* consumer_;
  void* producer_;
  std::size_t page_;
  RingWindow window_;
  RingCursor cursor_;
};

}  // namespace sonde::runtime
