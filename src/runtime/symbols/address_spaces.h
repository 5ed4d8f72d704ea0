// Which file, or which memory without one, is mapped at an address of a process: of one that runs, of one that has ended, and
// of the program that it was before it called execve().
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/process_maps.h"
#include "plan/manifest.h"
#include "runtime/symbols/process_events.h"

namespace sonde::runtime {

struct Mapping {
  kernel::ProcessMapping place;
  std::string build_id;    // Hexadecimal; "" if unknown.
  std::uint64_t time = 0;  // CLOCK_BOOTTIME, ns, when it was mapped, or seen in /proc.
};

class AddressSpaces {
 public:
  // More than these are kept only while they run: of each ended process 1 to 2 KiB.
  static constexpr std::size_t kMostProcesses = 32768;

  // All events from now on will be applied; until then /proc is asked again and again.
  void follow() { is_followed_ = true; }
  void apply(const ProcessEvent& event);
  // Notes the mappings of a process that runs. False if there are none to be seen.
  bool read(pid_t pid);
  // Of the program that it runs now.
  [[nodiscard]] std::vector<Mapping> mappings(pid_t pid);
  [[nodiscard]] bool knows(pid_t pid) const { return processes_.contains(pid); }

  struct Located {
    const Mapping* mapping = nullptr;  // Valid until the next call.
    pid_t pid =
        0;  // In whose address space it was seen: a parent's, where nothing changed since the fork.
  };
  // Null outside all mappings. Looks into /proc if nothing is known, at most every 100 ms for one process.
  [[nodiscard]] Located find(plan::ProcessWord process, std::uint64_t address);
  // The process itself, its parent and so on, as far as they were seen to fork.
  [[nodiscard]] std::vector<pid_t> ancestors(pid_t pid) const;

 private:
  // From a fork or an execve() to the next.
  struct Space {
    std::uint64_t began = 0;  // CLOCK_BOOTTIME, ns; 0: before tracing.
    bool by_exec = false;
    pid_t parent = 0;  // By fork: whose mappings it began with.
    std::vector<Mapping> mappings;
  };
  struct Process {
    std::vector<Space> spaces;  // By `began`.
    pid_t parent = 0;
    std::uint64_t read_ns = 0;  // Last look into /proc.
  };
  static Space& space_at(Process& process, std::uint64_t time);
  static void add(Space& space, Mapping mapping);
  static Space* choose(Process& process, std::uint32_t exec_time);
  static const Mapping* newest(const Space& space, std::uint64_t address, std::uint64_t until);
  // Which mappings of a parent its child began with: those that were seen before the fork, or any.
  enum class Parents : std::uint8_t { AtTheFork, AtAnyTime };
  Located find_in(pid_t pid, Space& space, std::uint64_t address, Parents parents);

  // Forgets those that ended long ago when there are too many.
  void prune();

  std::unordered_map<pid_t, Process> processes_;
  bool is_followed_ = false;
  std::size_t prune_at_ = kMostProcesses;
};

}  // namespace sonde::runtime
