// What the stages must know of the types of BPF programs, as data: plan/program_types.def.
#pragma once

#include <cstdint>
#include <string_view>

namespace sonde::plan {

enum ProgramTrait : std::uint32_t {
  kNoTraits = 0,
  // The kernel binds the program to one event, or one function, when it loads it. BTF tells the target.
  kBindsEvent = 1U << 0,
  kBindsFunction = 1U << 1,
  kSlotContext = 1U << 2,   // The context is an array of u64, which may only be read whole.
  kTypedContext = 1U << 3,  // The verifier knows what the pointers of the context point to.
  // A second run of the program may begin on a CPU while the first is not done: see codegen/scratch.h.
  kReentrant = 1U << 4,
  kRunsAlways = 1U << 5,  // Neither the pause nor -p holds it back.
  // bpf_get_attach_cookie() tells the place, from plan::Feature::AttachCookie or RawAttachCookie on.
  kCookies = 1U << 6,
  kRawCookies = 1U << 7,
  kSystemCalls = 1U << 8,  // Runs for every system call, and leaves unless it is one of its places.
  // What it prints is text for whoever reads the file that it is pinned to; sonde need not live.
  kWritesText = 1U << 9,
  kReturnsVerdict =
      1U << 10,  // Its result is 1 if the script's `return` gave a value other than 0, else 0.
  kReturnsTime = 1U << 11,  // Its result is the nanoseconds that the script's code took, an i32.
  kDecides = 1U << 12,      // Its result is what the script decides: drop(), deny(), override().
};

enum class ProgramType : std::uint8_t {
#define SONDE_PROGRAM_TYPE(Id, name, section, return_section, kernel_type, attach_type, context, \
                           scratch, traits, result, kernel)                                      \
  Id,
#include "plan/program_types.def"
};

struct ProgramTypeRow {
  std::string_view name;
  std::uint32_t
      kernel_type;  // Of BPF_PROG_LOAD: BPF_PROG_TYPE_*, and BPF_* of the expected attach type.
  std::uint32_t attach_type;
  std::string_view section;
  std::string_view return_section;  // Empty: it has no programs for returns.
  std::string_view scratch_group;
  std::uint32_t traits;
  std::uint32_t result;
  std::string_view min_kernel;
  [[nodiscard]] bool has(ProgramTrait trait) const { return (traits & trait) != 0; }
  [[nodiscard]] bool is_bound() const { return has(kBindsEvent) || has(kBindsFunction); }
};

[[nodiscard]] const ProgramTypeRow& program_type(ProgramType type);

}  // namespace sonde::plan
