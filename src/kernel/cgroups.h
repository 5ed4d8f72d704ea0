// The machine's cgroups.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace sonde::kernel {

// See View::cgroups().
[[nodiscard]] Result<std::vector<std::string>> find_cgroups();

}  // namespace sonde::kernel
