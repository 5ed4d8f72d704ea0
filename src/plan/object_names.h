// What a BPF object of sonde holds besides the script's maps: names and layouts that codegen and runtime agree on.
#pragma once

#include <cstdint>

namespace sonde::plan {

inline constexpr const char* kRingMap = "sonde_ring";  // BPF_MAP_TYPE_RINGBUF, all events.
inline constexpr const char* kControlMap =
    "sonde_control";  // BPF_MAP_TYPE_RINGBUF, 4096 bytes: control actions.
// BPF_MAP_TYPE_RINGBUF: actions that found kRingMap full. Behind each record stands a u64, kRingMap's producer position when it
// was sent: it is carried out behind all events below it, so that each CPU's order is kept.
inline constexpr const char* kKeptMap = "sonde_kept";
inline constexpr std::uint32_t kKeptTrailer = 8;  // Bytes of that position.
// BPF_MAP_TYPE_PERF_EVENT_ARRAY: packets of skboutput(), which the kernel copies into no ring buffer.
inline constexpr const char* kPacketMap = "sonde_packets";
// Stacks by id, of up to kShortStack frames and of more: hashes of {u64 id} -> {u64 address} * frames, innermost first, the
// rest 0. Stacks of a few frames are most of them, and take an eighth of the kernel's memory that way.
inline constexpr const char* kStackMap = "sonde_stacks";
inline constexpr const char* kDeepStackMap = "sonde_deep";
inline constexpr std::uint32_t kShortStack = 24;
// A hash of {u32 tgid} -> {u32 exec_time()}: when processes that now run have last called execve(). The ids are those of the
// initial pid namespace.
inline constexpr const char* kExecMap = "sonde_execs";
// Says whose an address is: the process id, and in the upper half what kExecMap has for it, 0 for processes that have not called
// execve() since tracing began. Tells the programs apart that one process runs.
struct ProcessWord {
  std::uint32_t tgid = 0;
  std::uint32_t exec_time = 0;
};
// CLOCK_BOOTTIME in units of 0.26 ms, of 13 days the rest, never 0.
inline constexpr std::uint32_t kExecTimeShift = 18;
[[nodiscard]] constexpr std::uint32_t exec_time(std::uint64_t nanoseconds) {
  const auto time = static_cast<std::uint32_t>(nanoseconds >> kExecTimeShift);
  return time == 0 ? 1 : time;
}
[[nodiscard]] constexpr ProcessWord process_word(std::uint64_t word) {
  return {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32)};
}
// Number of frames of the stack `id`, which are its lowest bits; 0: there was none. The others come from a hash of the frames,
// and are counted on where two different stacks have the same one.
inline constexpr std::uint32_t kStackIdBits = 8;
[[nodiscard]] constexpr std::uint32_t stack_frames(std::uint64_t id) {
  return static_cast<std::uint32_t>(id & ((1U << kStackIdBits) - 1));
}
inline constexpr const char* kScratchMap =
    "sonde_scratch";  // Per-CPU array, one element: large temporaries.
inline constexpr const char* kLostMap = "sonde_lost";  // Per-CPU array of u64, indexed by Lost.
// A global in ".rodata", patched by the runtime before loading: struct Constants.
inline constexpr const char* kConstants = "sonde_constants";
// A u64 global in ".data": while non-zero every program returns at once (before attaching completes and at exit).
inline constexpr const char* kPaused = "sonde_paused";

// u64s in ".data", one for each map of the script: the generation (0 or 1) that programs use of a map that has two.
inline constexpr const char* kGenerations = "sonde_generations";

// A u64 in ".data": kHasExited and the code of an exit() for which kControlMap had no room; 0 until then.
inline constexpr const char* kExit = "sonde_exit";
inline constexpr std::uint64_t kHasExited = std::uint64_t{1} << 32;

// Layout of kConstants. The verifier knows these values when it checks the programs.
struct Constants {
  std::uint64_t start_ns = 0;   // CLOCK_BOOTTIME when tracing starts, for `elapsed`.
  std::uint32_t child_pid = 0;  // `cpid`
  // A single -p: programs of kinds with a current task run only for this tgid; 0 = all, or those of TaskFilter.
  std::uint32_t filter_pid = 0;
  std::uint64_t pidns_dev =
      0;  // Device and inode of sonde's own pid namespace, 0 in the initial one.
  std::uint64_t pidns_ino = 0;
  std::uint64_t tai_offset_ns = 0;    // CLOCK_TAI - CLOCK_MONOTONIC when tracing starts.
  std::uint64_t epoch_offset_ns = 0;  // CLOCK_REALTIME - CLOCK_BOOTTIME when tracing starts.
};

// Slots of kLostMap.
enum class Lost : std::uint32_t { Events = 0, Control = 1, Stacks = 2 };
inline constexpr std::uint32_t kLostFirstMap = 3;
// Why an update of a map failed. Each map of the script counts each reason in a slot of its own.
enum class UpdateFailure : std::uint32_t {
  Full = 0,      // E2BIG
  NoMemory = 1,  // ENOMEM: see Map::allocates_late.
  Busy = 2,      // Another program was changing the same part of the map, on this CPU or elsewhere.
};
inline constexpr std::uint32_t kUpdateFailures = 3;
[[nodiscard]] constexpr std::uint32_t lost_slot(std::uint32_t map, UpdateFailure reason) {
  return kLostFirstMap + map * kUpdateFailures + static_cast<std::uint32_t>(reason);
}

// Calls under way whose arguments are kept for their returns, for each program: the oldest give way (LRU), which are those
// of threads that ended inside the function. Every CPU holds up to 256 elements of such a map in reserve.
inline constexpr std::uint32_t kEntryValues = 16384;

}  // namespace sonde::plan
