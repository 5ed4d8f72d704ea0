// Names of flags, as a trace event's format tells them: `__print_flags(REC->gfp_flags, "|", {(unsigned long)..., "GFP_KERNEL"}, ...)`.
// The kernel writes the values as C expressions of its macros, which differ from version to version.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sonde::runtime {

struct FlagName {
  std::uint64_t bits = 0;
  std::string name;
};

// The pairs of the first table in `format`, in its order; those whose value cannot be told are left out.
[[nodiscard]] std::vector<FlagName> parse_flag_names(std::string_view format);

// "GFP_ATOMIC|__GFP_HIGHMEM": the first name whose bits are all set, then the next for what is left; "0x..." for the rest,
// "none" for no flags.
[[nodiscard]] std::string name_flags(const std::vector<FlagName>& names, std::uint64_t flags);

}  // namespace sonde::runtime
