// watchpoint and asyncwatchpoint.
#include "runtime/attach/attach.h"

namespace sonde::runtime {
namespace {

Result<void> watch_address(Attacher& attacher, const plan::Watch& watch, Watchpoints::Place place) {
  Watchpoints& watchpoints = attacher.attachments().watchpoints();
  if (!watch.is_user) {
    if (const auto cpus = attacher.online_cpus()) place.cpus.assign(cpus->begin(), cpus->end());
    return watchpoints.watch(watch, watch.address, place);
  }
  place.follows = watchpoints.targets().follows;
  for (const std::uint32_t pid : watchpoints.targets().pids) {
    place.pid = static_cast<pid_t>(pid);
    if (auto watched = watchpoints.watch(watch, watch.address, place); !watched) return watched;
  }
  return {};
}

}  // namespace

void attach_Breakpoint(Attacher& attacher, const Batch& batch) {
  for (const plan::AttachPoint& point : batch.points) {
    // The address comes when the function is called: see act_Watch().
    if (point.watch->argument >= 0) {
      attacher.succeeded(point);
      continue;
    }
    const auto watched =
        watch_address(attacher, *point.watch, {batch.fd, batch.cookie(point), 0, {}});
    if (watched) {
      attacher.succeeded(point);
    } else {
      attacher.failed(point, watched.error());
    }
  }
}

void attach_WatchEntry(Attacher& attacher, const Batch& batch) { attach_Uprobe(attacher, batch); }

}  // namespace sonde::runtime
