// perf events that carry a BPF program.
#pragma once

#include <linux/perf_event.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/fd.h"
#include "base/result.h"
#include "runtime/attach/attach.h"

namespace sonde::runtime {

// perf_event_open(2) with `program` attached and the event enabled. `pid` -1 and `cpu` -1 as in the manual page. A `cookie`
// other than 0 is what bpf_get_attach_cookie() gives the program (5.15). The result keeps both attached.
[[nodiscard]] Result<OwnedFd> open_perf_event(perf_event_attr& attributes, int pid, int cpu,
                                              int program, std::uint64_t cookie = 0);

// The same by a link, which counts what the kernel leaves out, see link_misses.h; before 5.15, which has no such
// links, without.
[[nodiscard]] Result<OwnedFd> open_counting_event(perf_event_attr& attributes, int pid, int cpu,
                                                  int program, std::uint64_t cookie);

// The end of attaching one point by a perf event, which is slow to close: kept, or reported with the hint for its errno
// where the error has none of its own.
void finish_point(Attacher& attacher, const plan::AttachPoint& point, Result<OwnedFd> fd,
                  std::string (*hint_for)(int code));

// What the kernel calls an event source ("kprobe", "uprobe"), from /sys/bus/event_source/devices (4.17). An error with a
// reason in plain words if the kernel has none.
struct EventSource {
  std::uint32_t type = 0;
  std::uint64_t return_bit = 0;  // In `config`: at the return instead of the entry.
  // Uprobes: by how much the file offset of a counter is shifted in `config` (4.20); the kernel counts its listeners there.
  std::optional<std::uint32_t> counter_shift;
};
[[nodiscard]] Result<EventSource> event_source(const std::string& name);

// An event of `type` (PERF_TYPE_SOFTWARE, ...) on all CPUs or on one, with the number, period or frequency of each of the
// batch's points.
struct CountedEvents {
  std::uint32_t type = PERF_TYPE_SOFTWARE;
  bool all_cpus = true;
  std::string (*hint_for)(int code) = nullptr;
};
void attach_counted_events(Attacher& attacher, const Batch& batch, const CountedEvents& events);

}  // namespace sonde::runtime
