// watchpoint and asyncwatchpoint.
#include "runtime/attach/attach.h"

namespace sonde::runtime {
namespace {

// The registers are set for one process, and that one alone is let go on.
bool serves(Attacher& attacher, const plan::AttachPoint& point) {
  if (!point.watch->is_user || attacher.pid() != 0) return true;
  attacher.failed(point, Error{"it watches one process, and several are traced", 0,
                               "name one with -p, or leave out --follow"});
  return false;
}

}  // namespace

void attach_Breakpoint(Attacher& attacher, const Batch& batch) {
  for (const plan::AttachPoint& point : batch.points) {
    const plan::Watch& watch = *point.watch;
    if (!serves(attacher, point)) continue;
    // The address comes when the function is called: see act_Watch().
    if (watch.argument >= 0) {
      attacher.succeeded(point);
      continue;
    }
    Watchpoints::Place place{batch.fd, batch.cookie(point), 0, {}};
    if (watch.is_user) {
      place.pid = static_cast<pid_t>(attacher.pid());
    } else if (const auto cpus = attacher.online_cpus()) {
      place.cpus.assign(cpus->begin(), cpus->end());
    }
    const auto watched = attacher.attachments().watchpoints().watch(watch, watch.address, place);
    if (watched) {
      attacher.succeeded(point);
    } else {
      attacher.failed(point, watched.error());
    }
  }
}

void attach_WatchEntry(Attacher& attacher, const Batch& batch) {
  if (serves(attacher, batch.points.front())) attach_Uprobe(attacher, batch);
}

}  // namespace sonde::runtime
