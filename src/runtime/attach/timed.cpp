// profile, interval and software: perf software events. -p is a filter in the program, since an event that belongs to a
// process would count one thread only.
#include "runtime/attach/perf_event.h"

namespace sonde::runtime {

static_assert(PERF_COUNT_SW_CPU_CLOCK == 0, "resolve leaves event_id of timed probes at 0");

void attach_PerfEvent(Attacher& attacher, const Batch& batch) {
  attach_software_events(attacher, batch, true);
}

void attach_Timer(Attacher& attacher, const Batch& batch) {
  attach_software_events(attacher, batch, false);
}

}  // namespace sonde::runtime
