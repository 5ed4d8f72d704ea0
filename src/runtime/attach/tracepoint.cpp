// tracepoint: by perf event where the program reads the event's fields, as a raw tracepoint where it does not.
#include "runtime/attach/perf_event.h"
#include "runtime/attach/raw_tracepoint.h"

namespace sonde::runtime {

void attach_Tracepoint(Attacher& attacher, const Batch& batch) {
  if (batch.program.type != plan::ProgramType::Tracepoint)
    return attach_raw_tracepoints(attacher, batch);
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
    auto fd = open_perf_event(attributes, -1, static_cast<int>(online->front()), batch.fd);
    if (fd) {
      attacher.attachments().add_slow(std::move(*fd));
      attacher.succeeded(point);
    } else {
      attacher.failed(point, fd.error());
    }
  }
}

}  // namespace sonde::runtime
