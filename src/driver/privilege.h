// May this process trace?
#pragma once

#include "base/result.h"

namespace sonde::driver {

// An error that says what is missing, unless the process has CAP_SYS_ADMIN, or CAP_BPF and CAP_PERFMON (Linux 5.8).
[[nodiscard]] Result<void> check_privilege();

}  // namespace sonde::driver
