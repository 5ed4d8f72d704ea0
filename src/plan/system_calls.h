// System calls by number and name. The table: plan/system_calls.def.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "plan/target.h"

namespace sonde::plan {

inline constexpr std::uint32_t kMaxSyscallName = 31;  // Bytes.
// Names by number; empty where there is no such system call.
[[nodiscard]] std::vector<std::string_view> syscall_names(Arch arch);

// By which one program on raw_syscalls' events tells them apart. `event` is the name of a trace event: "sys_enter_openat" or
// "sys_exit_openat". Nullopt for a call that is newer than this build, and for names of other kinds.
[[nodiscard]] std::optional<std::uint32_t> syscall_number(std::string_view event, Arch arch);

}  // namespace sonde::plan
