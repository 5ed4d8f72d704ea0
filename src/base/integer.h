// Integer literals, in scripts and in the values of config variables.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace sonde {

// Decimal, octal (`017`), hexadecimal (`0x1f`), scientific (`2e3`), with `_` between digits, a C suffix (`u`, `l`, `ul`,
// `ull`, ... without effect) or a duration suffix (`ns us ms s m h d`, the value in nanoseconds). The error says why not.
[[nodiscard]] std::expected<std::uint64_t, std::string> parse_integer(std::string_view text);

}  // namespace sonde
