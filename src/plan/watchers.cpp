#include <fmt/format.h>

#include "plan/manifest.h"

namespace sonde::plan {
namespace {

void add_watcher(Manifest& manifest, ProgramType type, std::string_view event) {
  BpfProgram& watcher = manifest.watchers.emplace_back();
  watcher.name = fmt::format("sonde_{}", event);
  watcher.type = type;
  watcher.section = watcher.row().section;
  if (watcher.row().is_bound()) watcher.section += fmt::format("/{}", event);
  AttachPoint& point = watcher.attach_points.emplace_back();
  point.kind = &builtins::probe_kind(builtins::ProbeKindId::RawTracepoint);
  point.name = fmt::format("rawtracepoint:{}", event);
  point.symbol = event;
}

}  // namespace

void add_watchers(Manifest& manifest) {
  if (manifest.filter.follows) {
    add_watcher(manifest, ProgramType::TracingRaw, "sched_process_fork");
    add_watcher(manifest, ProgramType::TracingRaw, "sched_process_free");
  }
  // These need no type information: the thread is the current one.
  if (manifest.names_user_code) {
    add_watcher(manifest, ProgramType::RawTracepoint, "sched_process_exec");
    add_watcher(manifest, ProgramType::RawTracepoint, "sched_process_exit");
  }
}

}  // namespace sonde::plan
