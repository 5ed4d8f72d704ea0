// CPU lists of sysfs.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sonde::runtime {

// "0-3,8" -> 0, 1, 2, 3, 8. Malformed pieces are left out.
[[nodiscard]] std::vector<std::uint32_t> parse_cpu_list(std::string_view text);

// CPUs that can run something now, ascending.
[[nodiscard]] Result<std::vector<std::uint32_t>> online_cpus();

}  // namespace sonde::runtime
