#include "runtime/watchpoints.h"

#include <dirent.h>
#include <linux/hw_breakpoint.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <set>
#include <string>

#include "base/text.h"
#include "runtime/attach/perf_event.h"
#include "runtime/thread_events.h"

namespace sonde::runtime {
namespace {

// For which a process that starts threads is looked at: while a user waits for the run to begin, and while it runs.
constexpr std::chrono::milliseconds kPatienceAtStart{2000};
constexpr std::chrono::milliseconds kPatience{100};

static_assert(HW_BREAKPOINT_R == 1 && HW_BREAKPOINT_W == 2 && HW_BREAKPOINT_X == 4,
              "resolve writes these numbers into plan::Watch");

std::string hint_for(int code) {
  switch (code) {
    case ENOSPC:
      return "all debug registers of the processor are in use (x86-64 has 4): unwatch() frees one";
    case EINVAL: return "the processor cannot watch this address with this length and mode";
    case ENODEV:
    case ENOENT:
    case EOPNOTSUPP: return "this kernel or machine has no debug registers for it";
    case EPERM:
    case EACCES: return "kernel lockdown or missing privilege";
    default: return {};
  }
}

// Threads of a process as they are now; those that it starts later inherit.
std::set<pid_t> threads_of(pid_t pid) {
  std::set<pid_t> threads;
  DIR* folder = ::opendir(("/proc/" + std::to_string(pid) + "/task").c_str());
  if (folder == nullptr) return {pid};
  while (const dirent* entry = ::readdir(folder)) {
    if (const auto number = parse_u64(entry->d_name)) threads.insert(static_cast<pid_t>(*number));
  }
  ::closedir(folder);
  return threads;
}

perf_event_attr attributes_of(const plan::Watch& how, std::uint64_t address) {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_BREAKPOINT;
  attributes.bp_type = how.access;
  attributes.bp_addr = address;
  attributes.bp_len = how.length;
  attributes.sample_period = 1;
  return attributes;
}

Result<OwnedFd> open_for_thread(perf_event_attr attributes, pid_t thread,
                                const Watchpoints::Place& place) {
  attributes.inherit = 1;
  attributes.exclude_kernel = 1;  // What exec and read() put there is no access of the program.
  if (place.follows) return open_perf_event(attributes, thread, -1, place.program, place.cookie);
  attributes.inherit_thread = 1;  // Not by other processes that it starts (5.13).
  auto fd = open_perf_event(attributes, thread, -1, place.program, place.cookie);
  if (fd || fd.error().code != EINVAL) return fd;
  attributes.inherit_thread = 0;
  return open_perf_event(attributes, thread, -1, place.program, place.cookie);
}

std::unexpected<Error> with_hint(Error error) {
  if (error.hint.empty()) error.hint = hint_for(error.code);
  return std::unexpected(std::move(error));
}

}  // namespace

Result<void> Watchpoints::watch(const plan::Watch& how, std::uint64_t address, const Place& place) {
  const bool is_known = std::ranges::any_of(watched_, [&](const Watched& watched) {
    return watched.address == address && watched.program == place.program &&
           watched.cookie == place.cookie && watched.pid == place.pid;
  });
  if (is_known) return {};
  Watched watched{address, place.program, place.cookie, place.pid, {}};
  const perf_event_attr attributes = attributes_of(how, address);
  if (place.pid != 0) {
    auto opened =
        open_thread_events([&] { return threads_of(place.pid); },
                           [&](pid_t thread) { return open_for_thread(attributes, thread, place); },
                           how.argument < 0 ? kPatienceAtStart : kPatience);
    if (!opened) return with_hint(opened.error());
    if (!opened->are_of_all) partly_watched_.insert(place.pid);
    watched.events = std::move(opened->events);
  }
  for (const std::uint32_t cpu : place.cpus) {
    perf_event_attr on_cpu = attributes;
    auto fd = open_perf_event(on_cpu, -1, static_cast<int>(cpu), place.program, place.cookie);
    if (!fd) return with_hint(fd.error());
    watched.events.push_back(std::move(*fd));
  }
  watched_.push_back(std::move(watched));
  return {};
}

void Watchpoints::unwatch(std::uint64_t address) {
  std::erase_if(watched_, [&](const Watched& watched) { return watched.address == address; });
}

}  // namespace sonde::runtime
