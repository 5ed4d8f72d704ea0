#include "runtime/ring.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace sonde::runtime {
namespace {

// Freed space is handed back to the kernel this often while a long backlog is read.
constexpr std::uint64_t kReleaseBytes = 64 * 1024;

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
      const std::byte* header = data_ + (position & mask_);
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

Result<Ring> Ring::open(int map_fd) {
  bpf_map_info info{};
  __u32 info_size = sizeof info;
  if (::bpf_obj_get_info_by_fd(map_fd, &info, &info_size) != 0) {
    return fail_errno("read the size of the ring buffer");
  }
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t bytes = info.max_entries;
  void* consumer = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
  if (consumer == MAP_FAILED) return fail_errno("map the ring buffer");
  // Producer page, then the data twice. Read only: the kernel refuses anything else.
  void* producer = ::mmap(nullptr, page + 2 * bytes, PROT_READ, MAP_SHARED, map_fd,
                          static_cast<off_t>(page));
  if (producer == MAP_FAILED) {
    auto error = fail_errno("map the ring buffer");
    ::munmap(consumer, page);
    return error;
  }
  return Ring(map_fd, consumer, producer, page, bytes);
}

Ring::Ring(int fd, void* consumer, void* producer, std::size_t page, std::size_t bytes)
    : fd_(fd),
      consumer_(consumer),
      producer_(producer),
      page_(page),
      bytes_(bytes),
      cursor_(static_cast<unsigned long*>(consumer), static_cast<const unsigned long*>(producer),
              static_cast<const std::byte*>(producer) + page, bytes) {}

Ring::Ring(Ring&& other) noexcept
    : fd_(other.fd_),
      consumer_(std::exchange(other.consumer_, nullptr)),
      producer_(std::exchange(other.producer_, nullptr)),
      page_(other.page_),
      bytes_(other.bytes_),
      cursor_(other.cursor_) {}

Ring::~Ring() {
  if (consumer_ != nullptr) ::munmap(consumer_, page_);
  if (producer_ != nullptr) ::munmap(producer_, page_ + 2 * bytes_);
}

}  // namespace sonde::runtime
