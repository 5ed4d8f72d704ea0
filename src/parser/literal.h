// What the text of a literal means.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/integer.h"

namespace sonde::parser {

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
