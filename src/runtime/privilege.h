// Whether this process may trace at all.
#pragma once

#include "base/result.h"

namespace sonde::runtime {

// An error with a hint unless the process has CAP_SYS_ADMIN, or CAP_BPF and CAP_PERFMON (5.8). Cheap: one system call.
[[nodiscard]] Result<void> check_privilege();

// The same error, for an EPERM of bpf() that the capabilities did not foretell (user namespaces, lockdown).
[[nodiscard]] std::unexpected<Error> missing_privilege();

}  // namespace sonde::runtime
