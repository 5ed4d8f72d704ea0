// What the text of a literal means.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ast/nodes.h"
#include "base/integer.h"

namespace sonde::parser {

// Said to `text =~ "a*"`, where the grammar meets it.
inline constexpr std::string_view kPatternsInstead =
    "patterns are globmatch(text, \"a*\"), parts strcontains(text, \"a\")";

struct UnescapedString {
  struct BadEscape {
    std::size_t offset;  // Into the text given.
    std::size_t length;
  };
  std::string value;
  ast::TextOffsets offsets;
  std::vector<BadEscape> bad;  // Kept in `value` as written.
};

// The inside of a string literal, without its quotes. Escapes: those of C, `\e`, `\0nn` (octal), `\xnn`.
[[nodiscard]] UnescapedString unescape(std::string_view text);

}  // namespace sonde::parser
