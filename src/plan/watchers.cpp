#include <fmt/format.h>

#include "plan/manifest.h"

namespace sonde::plan {

void add_watchers(Manifest& manifest) {
  if (!manifest.filter.follows) return;
  for (const std::string_view event : {"sched_process_fork", "sched_process_free"}) {
    BpfProgram& watcher = manifest.watchers.emplace_back();
    watcher.name = fmt::format("sonde_{}", event);
    watcher.type = ProgramType::TracingRaw;
    watcher.section = fmt::format("{}/{}", watcher.row().section, event);
    AttachPoint& point = watcher.attach_points.emplace_back();
    point.kind = &builtins::probe_kind(builtins::ProbeKindId::RawTracepoint);
    point.name = fmt::format("rawtracepoint:{}", event);
    point.symbol = event;
  }
}

}  // namespace sonde::plan
