// profile, interval, software and hardware: perf events that count. -p is a filter in the program, since an event that belongs to a
// process would count one thread only.
#include <unistd.h>

#include <cerrno>

#include "runtime/attach/perf_event.h"

namespace sonde::runtime {
namespace {

// The kernel names what counts in the processor by its architecture: cpu, cpu_core and cpu_atom, armv8_pmuv3_0, ...
std::string hardware_hint(int code) {
  constexpr const char* kInstead =
      "'profile' samples by time, and 'software' counts events of the kernel";
  switch (code) {
    case ENOENT:
    case ENODEV:
    case EOPNOTSUPP:
      return std::string("this processor does not count it, or not in a virtual machine: ") +
             kInstead;
    case EINVAL: return "the count is out of the processor's range";
    case EBUSY:
    case ENOSPC: return "all counters of the processor are in use";
    case EPERM:
    case EACCES: return "kernel.perf_event_paranoid or missing privilege";
    default: return {};
  }
}

}  // namespace

static_assert(PERF_COUNT_SW_CPU_CLOCK == 0, "resolve leaves event_id of timed probes at 0");

void attach_PerfEvent(Attacher& attacher, const Batch& batch) {
  attach_counted_events(attacher, batch, {});
}

void attach_Timer(Attacher& attacher, const Batch& batch) {
  attach_counted_events(attacher, batch, {.all_cpus = false});
}

void attach_HardwareEvent(Attacher& attacher, const Batch& batch) {
  attach_counted_events(attacher, batch, {.type = PERF_TYPE_HARDWARE, .hint_for = hardware_hint});
}

}  // namespace sonde::runtime
