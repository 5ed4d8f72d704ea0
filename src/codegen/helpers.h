// The BPF helpers that generated code calls, by the kernel's numbers (uapi/linux/bpf.h), with the first kernel that has them
// in tracing programs.
#pragma once

#include <cstdint>

namespace sonde::codegen {

enum class Helper : std::uint32_t {
  MapLookup = 1,              // 3.19
  MapUpdate = 2,              // 3.19
  MapDelete = 3,              // 3.19
  GetPrandomU32 = 7,          // 4.1
  GetSmpProcessorId = 8,      // 4.1
  GetCurrentPidTgid = 14,     // 4.2
  GetCurrentUidGid = 15,      // 4.2
  GetCurrentComm = 16,        // 4.2
  GetStackId = 27,            // 4.6
  GetCurrentTask = 35,        // 4.8
  GetNumaNodeId = 42,         // 4.10
  GetStack = 67,              // 4.18
  GetCurrentCgroupId = 80,    // 4.18
  ProbeReadUser = 112,        // 5.5
  ProbeReadKernel = 113,      // 5.5
  ProbeReadUserStr = 114,     // 5.5
  ProbeReadKernelStr = 115,   // 5.5
  GetNsCurrentPidTgid = 120,  // 5.7
  KtimeGetBootNs = 125,       // 5.7
  RingbufReserve = 131,       // 5.8
  RingbufSubmit = 132,        // 5.8
  ForEachMapElem = 164,       // 5.13
  GetFuncIp = 173,            // 5.15
  MapLookupPercpu = 195,      // 5.19
};

// What the compiler may assume of a helper.
struct HelperTraits {
  bool returns_pointer = false;
  // Same result throughout one run of a program and no effect: calls may be merged and dropped.
  bool is_constant = false;
};

[[nodiscard]] constexpr HelperTraits traits(Helper helper) {
  switch (helper) {
    case Helper::MapLookup:
    case Helper::MapLookupPercpu:
    case Helper::RingbufReserve: return {.returns_pointer = true};
    case Helper::GetSmpProcessorId:
    case Helper::GetCurrentPidTgid:
    case Helper::GetCurrentUidGid:
    case Helper::GetCurrentTask:
    case Helper::GetNumaNodeId:
    case Helper::GetCurrentCgroupId: return {.is_constant = true};
    default: return {};
  }
}

// Flags of the calls.
inline constexpr std::uint64_t kUpdateAny = 0;
inline constexpr std::uint64_t kUpdateNoExist = 1;
inline constexpr std::uint64_t kStackUser = 1U << 8;
inline constexpr std::uint64_t kStackFastCompare = 1U << 9;

}  // namespace sonde::codegen
