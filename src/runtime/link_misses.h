// Calls of kernel functions that a link has not seen.
#pragma once

#include <cstdint>
#include <optional>

namespace sonde::runtime {

// For how many calls the link has not run its program: the kernel follows a limited number of them to their return at a time (10 or
// twice the CPUs for one function; with links of many functions until 6.13), and none inside of another probe. nullopt if `fd` is no
// link of kprobes. Before Linux 6.7, which does not count them, 0 or nullopt.
[[nodiscard]] std::optional<std::uint64_t> missed_calls(int fd);

}  // namespace sonde::runtime
