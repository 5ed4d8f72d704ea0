// Programs that run at the entry and at the return of each call of a function (6.10).
#pragma once

#include <cstdint>

#include "plan/manifest.h"

namespace sonde::plan {

// BPF_TRACE_KPROBE_SESSION, as what such programs are loaded and attached; libbpf 1.1.2 does not know it.
inline constexpr std::uint32_t kKprobeSession = 56;

// Such a program is its own keeper, see BpfProgram::entry_arguments: a link of many kprobes does not tell the stack pointer at every
// return, by which another one's values would be found. And it serves blocks of the entry and of the return of the same functions:
// one link takes half as long to attach as two.
[[nodiscard]] inline bool runs_at_both_ends(const BpfProgram& program) {
  return program.type == ProgramType::KprobeMulti && program.is_return &&
         (program.entry_arguments != 0 || program.entry_part >= 0);
}

}  // namespace sonde::plan
