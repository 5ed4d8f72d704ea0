#include "runtime/symbols/address_spaces.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "runtime/clock.h"

namespace sonde::runtime {
namespace {

// After a miss a library may have been loaded since; but some addresses are in no file at all.
constexpr std::uint64_t kReadInterval = 100'000'000;  // ns
constexpr std::size_t kMostMappings = 16384;          // Of one program; the oldest go.
constexpr int kMostForks = 64;                        // In a row, without execve().

}  // namespace

// The one that began last at `time`.
AddressSpaces::Space& AddressSpaces::space_at(Process& process, std::uint64_t time) {
  if (process.spaces.empty()) process.spaces.emplace_back();
  auto next = std::ranges::upper_bound(process.spaces, time, {}, &Space::began);
  return next == process.spaces.begin() ? *next : *--next;
}

void AddressSpaces::prune() {
  std::vector<std::pair<std::uint64_t, pid_t>> ended;
  for (const auto& [pid, process] : processes_) {
    if (::kill(pid, 0) != 0 && errno == ESRCH)
      ended.emplace_back(process.spaces.empty() ? 0 : process.spaces.back().began, pid);
  }
  std::ranges::sort(ended);
  ended.resize(std::min(ended.size(), kMostProcesses / 4));
  for (const auto& [began, pid] : ended) processes_.erase(pid);
  prune_at_ = std::max(kMostProcesses, processes_.size() + kMostProcesses / 4);
}

// Each change of a mapping's protection is an event, too, and code that is made at run time changes it for ever.
void AddressSpaces::add(Space& space, Mapping mapping) {
  const auto is_same = [&](const Mapping& known) {
    return known.place.start == mapping.place.start && known.place.end == mapping.place.end &&
           known.place.offset == mapping.place.offset && known.place.inode == mapping.place.inode &&
           known.place.path == mapping.place.path && known.build_id == mapping.build_id;
  };
  const auto overlaps = [&](const Mapping& known) {
    return known.place.start < mapping.place.end && mapping.place.start < known.place.end;
  };
  const auto newest = std::find_if(space.mappings.rbegin(), space.mappings.rend(), overlaps);
  if (newest != space.mappings.rend() && newest->time <= mapping.time && is_same(*newest)) return;
  if (space.mappings.size() >= kMostMappings)
    space.mappings.erase(space.mappings.begin(), space.mappings.begin() + kMostMappings / 4);
  space.mappings.push_back(std::move(mapping));
}

void AddressSpaces::apply(const ProcessEvent& event) {
  if (processes_.size() >= prune_at_) prune();
  Process& process = processes_[event.pid];
  if (event.kind == ProcessEvent::Kind::Map) {
    add(space_at(process, event.time), {event.mapping, event.build_id, event.time});
    return;
  }
  const bool by_exec = event.kind == ProcessEvent::Kind::Exec;
  const auto next = std::ranges::upper_bound(process.spaces, event.time, {}, &Space::began);
  Space& space =
      *process.spaces.insert(next, {event.time, by_exec, by_exec ? 0 : event.parent, {}});
  if (!by_exec) process.parent = event.parent;
  // Events of other CPUs may have come earlier.
  if (&space == process.spaces.data()) return;
  Space& before = *(&space - 1);
  const auto moved = std::ranges::stable_partition(
      before.mappings, [&](const Mapping& mapping) { return mapping.time < event.time; });
  std::ranges::move(moved, std::back_inserter(space.mappings));
  before.mappings.erase(moved.begin(), moved.end());
}

bool AddressSpaces::read(pid_t pid) {
  Process& process = processes_[pid];
  process.read_ns = boot_nanoseconds();
  const auto maps = kernel::ProcessMaps::read(pid);
  // The kernel shows no mappings of a process that is being torn down.
  if (!maps || maps->mappings().empty()) return false;
  Space& space = space_at(process, UINT64_MAX);
  if (!is_followed_) space.mappings.clear();  // It may be another program by now.
  for (const kernel::ProcessMapping& place : maps->mappings()) {
    const bool is_known = std::ranges::any_of(space.mappings, [&](const Mapping& known) {
      return known.place.start <= place.start && place.end <= known.place.end &&
             known.place.path == place.path;
    });
    if (!is_known) space.mappings.push_back({place, "", process.read_ns});
  }
  return true;
}

std::vector<Mapping> AddressSpaces::mappings(pid_t pid) {
  return space_at(processes_[pid], UINT64_MAX).mappings;
}

// The address space of a process that has called execve() at that time; 0: it has not, since tracing began.
AddressSpaces::Space* AddressSpaces::choose(Process& process, std::uint32_t exec_time) {
  Space* chosen = nullptr;
  for (Space& space : process.spaces) {
    if (exec_time == 0 && space.by_exec) continue;
    if (exec_time != 0) {
      if (!space.by_exec) continue;
      // The note is written after the event. Both are cut to 32 bits.
      const auto distance = static_cast<std::int32_t>(exec_time - plan::exec_time(space.began));
      if (distance < 0) continue;
    }
    chosen = &space;
  }
  return chosen;
}

const Mapping* AddressSpaces::newest(const Space& space, std::uint64_t address,
                                     std::uint64_t until) {
  const Mapping* found = nullptr;
  for (const Mapping& mapping : space.mappings) {
    if (address < mapping.place.start || address >= mapping.place.end || mapping.time > until)
      continue;
    if (found == nullptr || mapping.time >= found->time) found = &mapping;
  }
  return found;
}

AddressSpaces::Located AddressSpaces::find_in(pid_t pid, Space& space, std::uint64_t address,
                                              Parents parents) {
  Space* here = &space;
  std::uint64_t until = UINT64_MAX;
  for (int forks = 0; forks <= kMostForks; ++forks) {
    if (const Mapping* mapping = newest(*here, address, until)) return {mapping, pid};
    if (here->parent == 0) break;
    pid = here->parent;
    const std::uint64_t forked = here->began;
    if (parents == Parents::AtTheFork) until = std::min(until, forked);
    if (!knows(pid)) read(pid);
    here = &space_at(processes_[pid], forked);
  }
  return {};
}

AddressSpaces::Located AddressSpaces::find(plan::ProcessWord word, std::uint64_t address) {
  const auto pid = static_cast<pid_t>(word.tgid);
  constexpr std::uint64_t kLookInterval =
      10'000'000;  // ns; a look takes 50 us, and a stack has many frames.
  const std::uint64_t now = boot_nanoseconds();
  if (!knows(pid) || (!is_followed_ && now - processes_[pid].read_ns > kLookInterval)) read(pid);
  const auto look = [&]() -> Located {
    Process& process = processes_[pid];
    if (Space* space = choose(process, word.exec_time)) {
      // What /proc shows of a parent was read after the fork; but nothing says more.
      for (const Parents parents : {Parents::AtTheFork, Parents::AtAnyTime}) {
        if (const Located found = find_in(pid, *space, address, parents); found.mapping)
          return found;
      }
    }
    // Without events, or where some were lost, the times say nothing.
    for (auto space = process.spaces.rbegin(); space != process.spaces.rend(); ++space) {
      if (const Mapping* mapping = newest(*space, address, UINT64_MAX)) return {mapping, pid};
    }
    return {};
  };
  if (const Located found = look(); found.mapping) return found;
  Process& process = processes_[pid];
  if (now - process.read_ns < kReadInterval || !read(pid)) return {};
  return look();
}

std::vector<pid_t> AddressSpaces::ancestors(pid_t pid) const {
  std::vector<pid_t> all;
  while (pid > 0 && all.size() < kMostForks) {
    all.push_back(pid);
    const auto process = processes_.find(pid);
    pid = process == processes_.end() ? 0 : process->second.parent;
  }
  return all;
}

}  // namespace sonde::runtime
