// Which processes a run is about, as the programs see it: several -p, --follow, --comm, --cgroup. One process alone is a
// field of Constants, which costs less.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sonde::plan {

// --- names in the BPF object ---
// BPF_MAP_TYPE_HASH, u32 process id -> u32: the processes that are traced. With `follows`, their children are added.
inline constexpr const char* kPidsMap = "sonde_pids";
// BPF_MAP_TYPE_CGROUP_ARRAY with one element.
inline constexpr const char* kCgroupMap = "sonde_cgroup";

struct TaskFilter {
  static constexpr std::uint32_t kMostFollowed = 32768;  // Processes at once.
  static constexpr std::uint32_t kCommBytes = 16;        // TASK_COMM_LEN, with the NUL.

  // All that are asked for must hold.
  std::uint32_t pids = 0;  // Number of processes in kPidsMap to begin with; 0: it is not asked.
  bool follows = false;    // Children of those in kPidsMap are added, ended ones removed.
  bool by_cgroup = false;  // In the cgroup of kCgroupMap or below it.
  std::vector<std::string>
      comms;  // The thread's name is one of these, each shorter than kCommBytes; none: any.
  // Bytes from the start of struct task_struct, for `follows`.
  std::uint32_t task_pid_offset = 0;
  std::uint32_t task_tgid_offset = 0;
  // To tell a process's last thread (kExecMap): bytes from the start of struct task_struct, and of the struct signal_struct that it
  // points to. Both 0 where BTF does not tell.
  std::uint32_t task_signal_offset = 0;
  std::uint32_t signal_live_offset = 0;

  [[nodiscard]] bool by_pids() const { return pids != 0 || follows; }
};

}  // namespace sonde::plan
