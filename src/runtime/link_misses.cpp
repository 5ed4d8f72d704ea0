#include "runtime/link_misses.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <cstddef>

namespace sonde::runtime {
namespace {

// struct bpf_link_info of Linux 6.7 (include/uapi/linux/bpf.h), as far as it is looked at: headers may be older.
struct KprobeMultiInfo {
  std::uint64_t addresses;
  std::uint32_t count;
  std::uint32_t flags;
  std::uint64_t missed;
};
struct PerfEventInfo {
  std::uint32_t type;
  std::uint32_t unused;
  std::uint64_t name;
  std::uint32_t name_length;
  std::uint32_t offset;
  std::uint64_t address;
  std::uint64_t missed;
};
struct LinkInfo {
  std::uint32_t type;
  std::uint32_t id;
  std::uint32_t program;
  std::uint32_t unused;
  union {
    KprobeMultiInfo kprobe_multi;
    PerfEventInfo perf_event;
  };
};

// Of enum bpf_perf_event_type (6.6).
constexpr std::uint32_t kKprobe = 3;
constexpr std::uint32_t kKretprobe = 4;

}  // namespace

std::optional<std::uint64_t> missed_calls(int fd) {
  LinkInfo info{};
  std::uint32_t size = sizeof info;
  if (::bpf_obj_get_info_by_fd(fd, &info, &size) != 0) return std::nullopt;
  // `size` is what the kernel knows of it now.
  const auto knows = [&](std::size_t offset) { return size >= offset + sizeof(std::uint64_t); };
  if (info.type == BPF_LINK_TYPE_KPROBE_MULTI && knows(offsetof(LinkInfo, kprobe_multi.missed)))
    return info.kprobe_multi.missed;
  const bool is_kprobe = info.perf_event.type == kKprobe || info.perf_event.type == kKretprobe;
  if (info.type == BPF_LINK_TYPE_PERF_EVENT && is_kprobe &&
      knows(offsetof(LinkInfo, perf_event.missed)))
    return info.perf_event.missed;
  return std::nullopt;
}

}  // namespace sonde::runtime
