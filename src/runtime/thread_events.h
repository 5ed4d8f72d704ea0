// Events of all threads of a process that may start new ones meanwhile.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <set>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace sonde::runtime {

struct ThreadEvents {
  std::vector<OwnedFd> events;
  bool are_of_all = true;  // False if new threads have come all the time.
};

// Opens an event, which threads that start later inherit, for each thread that `threads` lists. A thread that is there afterwards
// and was not before has inherited the event or not, as the one that has started it had it then or not: nobody can tell. So all are
// opened anew until there is none, for as long as `patience` lasts. A thread for which `open` fails with ESRCH has ended.
[[nodiscard]] Result<ThreadEvents> open_thread_events(
    const std::function<std::set<pid_t>()>& threads,
    const std::function<Result<OwnedFd>(pid_t)>& open, std::chrono::milliseconds patience);

}  // namespace sonde::runtime
