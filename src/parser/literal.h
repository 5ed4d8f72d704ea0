// What the text of a literal means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sonde::parser {

// Decimal, octal (`017`), hexadecimal (`0x1f`), scientific (`2e3`), with `_` between digits, a C suffix (`u`, `l`, `ul`,
// `ull`, ... without effect) or a duration suffix (`ns us ms s m h d`, the value in nanoseconds). The error says why not.
[[nodiscard]] std::expected<std::uint64_t, std::string> parse_integer(std::string_view text);

struct UnescapedString {
  struct BadEscape {
    std::size_t offset;  // Into the text given.
    std::size_t length;
  };
  std::string value;
  std::vector<BadEscape> bad;  // Kept in `value` as written.
};

// The inside of a string literal, without its quotes. Escapes: those of C, `\e`, `\0nn` (octal), `\xnn`.
[[nodiscard]] UnescapedString unescape(std::string_view text);

}  // namespace sonde::parser
