// Processes that a function's entry has stopped until memory is watched, see act_Watch().
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <set>

#include "base/fd.h"
#include "plan/manifest.h"
#include "runtime/ring.h"

namespace sonde::runtime {

// The process that has stopped itself by sending this record and waits for SIGCONT; nullopt if the record is none of that kind.
[[nodiscard]] std::optional<pid_t> stopped_by(const plan::Manifest& manifest, Record record);

class HeldProcesses {
 public:
  // One that has been stopped: it cannot end, other than by SIGKILL, before it is let go on, so that its id is its own.
  void add(pid_t pid);
  // SIGCONT to each that was added since the last time. Whoever else stops a process keeps it stopped.
  void let_go_on();

 private:
  std::set<pid_t> stopped_;
  std::map<pid_t, OwnedFd> descriptors_;
};

// Lets go on whom nobody has let go on when this process is dead, however it dies. The ring tells: a record that was carried out
// is taken from it.
void guard_stopped(const plan::Manifest& manifest, Ring& ring);

}  // namespace sonde::runtime
