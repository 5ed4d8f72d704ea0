// Names of users, from /etc/passwd: a static binary cannot use getpwuid(3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sonde::runtime {

// Lines "name:password:uid:...". The first name of a uid wins; malformed lines are left out.
[[nodiscard]] std::unordered_map<std::uint64_t, std::string> parse_passwd(std::string_view text);

}  // namespace sonde::runtime
