// Numbers of system calls, by which one program on raw_syscalls' events tells them apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "plan/target.h"

namespace sonde::kernel {

// `event` is the name of a trace event: "sys_enter_openat" or "sys_exit_openat". Nullopt for a call that is newer than
// this build, and for names of other kinds.
[[nodiscard]] std::optional<std::uint32_t> system_call_number(std::string_view event,
                                                              plan::Arch arch);

}  // namespace sonde::kernel
