#include "runtime/ring.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <utility>

#include "base/check.h"

namespace sonde::runtime {
namespace {

// Freed space is handed back to the kernel this often while a long backlog is read.
constexpr std::uint64_t kReleaseBytes = 64 * 1024;

constexpr std::size_t kWindowStep =
    128 * 1024;  // Half a window: large enough that moving it is rare.

std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

// `bytes` of the ring's data from `start` on. The map shows a consumer page, a producer page, then the data twice in a row,
// so that a record never wraps.
void* map_data(int fd, void* address, std::size_t bytes, std::size_t start) {
  const int fixed = address == nullptr ? 0 : MAP_FIXED;
  return ::mmap(address, bytes, PROT_READ, MAP_SHARED | fixed, fd,
                static_cast<off_t>(2 * page_size() + start));
}

template <class T>
T load_acquire(const T* place) {
  return __atomic_load_n(place, __ATOMIC_ACQUIRE);
}

}  // namespace

std::uint64_t RingCursor::produced() const { return load_acquire(producer_); }

bool RingCursor::reached(std::uint64_t position) const { return *consumer_ >= position; }

std::size_t RingCursor::drain(std::uint64_t until, const std::function<bool(Record)>& take) {
  std::size_t taken = 0;
  std::uint64_t position = *consumer_;
  std::uint64_t released = position;
  const auto release = [&] {
    __atomic_store_n(consumer_, position, __ATOMIC_RELEASE);
    released = position;
  };
  bool more = true;
  while (more) {
    const std::uint64_t end = std::min<std::uint64_t>(produced(), until);
    bool busy = false;
    while (position < end && more) {
      const std::byte* header = memory_->at(position & mask_);
      const std::uint32_t length = load_acquire(reinterpret_cast<const std::uint32_t*>(header));
      busy = (length & BPF_RINGBUF_BUSY_BIT) != 0;
      if (busy) break;
      const std::uint32_t size = length & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
      if ((length & BPF_RINGBUF_DISCARD_BIT) == 0) {
        more = take({header + BPF_RINGBUF_HDR_SZ, size});
        ++taken;
      }
      position += (size + BPF_RINGBUF_HDR_SZ + 7U) & ~std::uint64_t{7};
      if (position - released >= kReleaseBytes) release();
    }
    if (position != released) release();
    // The kernel wakes us only for a record at our own position: look again after having told it the new one, with a full
    // barrier between, or the wake-up for a record committed meanwhile would be lost.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (busy || position >= std::min<std::uint64_t>(produced(), until)) break;
  }
  return taken;
}

Result<RingWindow> RingWindow::open(int map_fd, std::size_t ring_bytes, std::size_t longest) {
  // Every record that starts in the first half lies wholly inside.
  const std::size_t step =
      std::min(std::max(kWindowStep, std::bit_ceil(longest + BPF_RINGBUF_HDR_SZ)), ring_bytes);
  void* mapped = map_data(map_fd, nullptr, 2 * step, 0);
  if (mapped == MAP_FAILED) return fail_errno("map the ring buffer");
  return RingWindow(map_fd, mapped, 2 * step, step);
}

RingWindow::RingWindow(RingWindow&& other) noexcept
    : fd_(other.fd_), mapped_(std::exchange(other.mapped_, nullptr)), bytes_(other.bytes_),
      step_(other.step_), start_(other.start_) {}

RingWindow::~RingWindow() {
  if (mapped_ != nullptr) ::munmap(mapped_, bytes_);
}

const std::byte* RingWindow::at(std::size_t offset) {
  const std::size_t start = offset / step_ * step_;
  if (start != start_) {
    // In place of the old window: the address space is ours already.
    SONDE_CHECK(map_data(fd_, mapped_, bytes_, start) == mapped_);
    start_ = start;
  }
  return static_cast<const std::byte*>(mapped_) + (offset - start_);
}

Result<std::unique_ptr<Ring>> Ring::open(int map_fd, std::size_t longest) {
  bpf_map_info info{};
  __u32 info_size = sizeof info;
  if (::bpf_obj_get_info_by_fd(map_fd, &info, &info_size) != 0) {
    return fail_errno("read the size of the ring buffer");
  }
  auto window = RingWindow::open(map_fd, info.max_entries, longest);
  if (!window) return std::unexpected(window.error());
  const std::size_t page = page_size();
  void* consumer = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
  if (consumer == MAP_FAILED) return fail_errno("map the ring buffer");
  // Read only: the kernel refuses anything else.
  void* producer = ::mmap(nullptr, page, PROT_READ, MAP_SHARED, map_fd, static_cast<off_t>(page));
  if (producer == MAP_FAILED) {
    auto error = fail_errno("map the ring buffer");
    ::munmap(consumer, page);
    return error;
  }
  return std::unique_ptr<Ring>(
      new Ring(map_fd, consumer, producer, page, info.max_entries, std::move(*window)));
}

Ring::Ring(int fd, void* consumer, void* producer, std::size_t page, std::size_t bytes,
           RingWindow window)
    : fd_(fd), consumer_(consumer), producer_(producer), page_(page), window_(std::move(window)),
      cursor_(static_cast<unsigned long*>(consumer), static_cast<const unsigned long*>(producer),
              window_, bytes) {}

Ring::~Ring() {
  ::munmap(consumer_, page_);
  ::munmap(producer_, page_);
}

}  // namespace sonde::runtime
