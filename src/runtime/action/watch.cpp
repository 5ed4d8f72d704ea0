// Memory that is watched from now on, or no more.
#include <fmt/format.h>

#include "runtime/action/action.h"
#include "runtime/attachments.h"

namespace sonde::runtime {

void warn_of_unwatched_threads(Session& session) {
  for (const pid_t pid : session.attachments->watchpoints().take_partly_watched()) {
    warn(session,
         Error{fmt::format("some threads of process {} may not be watched: it keeps starting "
                           "new ones faster than they can be found",
                           pid),
               0,
               {}});
  }
}

// Sent at the entry of a function of the target, which has stopped unless the probe is asynchronous.
void act_Watch(Session& session, const plan::Action& action, Bytes record) {
  const auto index = static_cast<std::size_t>(action.program);
  const auto place = static_cast<std::size_t>(action.point);
  const plan::AttachPoint& point = session.manifest.programs[index].attach_points[place];
  const std::uint64_t address = field_number(action, record, 0);
  const auto pid = static_cast<pid_t>(field_number(action, record, 1));
  Watchpoints& watchpoints = session.attachments->watchpoints();
  const auto watched =
      watchpoints.watch(*point.watch, address, {session.object.program(index), place, pid, {}});
  warn_of_unwatched_threads(session);
  if (!watched) {
    const Error& error = watched.error();
    session.sink.message(
        {.text = fmt::format("cannot watch {:#x} for {}: {}", address, point.name, error.message()),
         .hint = error.hint});
    session.sink.warning(fmt::format("WARNING: cannot watch {:#x} for {}: {}\n{}", address,
                                     point.name, error.message(),
                                     error.hint.empty() ? "" : "HINT: " + error.hint + "\n"));
  }
  // Threads that have called at the same time are behind this record: see Tracer::drain_control().
  if (!point.watch->is_async) watchpoints.held().add(pid);
}

void act_Unwatch(Session& session, const plan::Action& action, Bytes record) {
  session.attachments->watchpoints().unwatch(field_number(action, record, 0));
}

}  // namespace sonde::runtime
