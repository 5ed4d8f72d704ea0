// tracepoint by perf event, for programs that read the event's record.
#include "runtime/attach/perf_event.h"

namespace sonde::runtime {

void attach_Tracepoint(Attacher& attacher, const Batch& batch) {
  const auto online = attacher.online_cpus();
  for (const plan::AttachPoint& point : batch.points) {
    if (!online) {
      attacher.failed(point, online.error());
      continue;
    }
    perf_event_attr attributes{};
    attributes.type = PERF_TYPE_TRACEPOINT;
    attributes.config = point.event_id;
    attributes.sample_period = 1;
    // The program hangs on the tracepoint, not on the event: it runs on every CPU.
    auto fd = open_perf_event(attributes, -1, static_cast<int>(online->front()), batch.fd,
                              batch.cookie(point));
    if (fd) {
      attacher.attachments().add_slow(std::move(*fd));
      attacher.succeeded(point);
    } else {
      attacher.failed(point, fd.error());
    }
  }
}

}  // namespace sonde::runtime
