// A place where the grammar cannot go on, and what is said about it.
#pragma once

#include <bitset>
#include <string>
#include <string_view>

#include "parser/token_stream.h"

namespace sonde::parser {

// What the parser would have taken instead.
class Expected {
 public:
  explicit Expected(const Grammar::context& where) {
    SymbolKind found[Grammar::YYNTOKENS];
    const int count = where.expected_tokens(found, Grammar::YYNTOKENS);
    for (int i = 0; i < count; ++i) set_.set(static_cast<std::size_t>(found[i]));
  }
  [[nodiscard]] bool has(SymbolKind kind) const {
    return set_.test(static_cast<std::size_t>(kind));
  }

 private:
  std::bitset<Grammar::YYNTOKENS> set_;
};

// One wrong place with what the hints look at.
struct Slip {
  const Expected& expected;
  const TokenStream& stream;
  SymbolKind found;
  std::string_view found_text;
  SymbolKind before;  // The token in front of it, and its text.
  std::string_view before_text;
  std::string_view start_text;  // The first token of the statement or top-level construct.
};

// True if a statement stands where a probe is expected.
[[nodiscard]] bool is_statement_on_top(const Slip& slip);

[[nodiscard]] inline bool wants_probe(const Slip& slip) {
  return slip.expected.has(Grammar::symbol_kind::S_ATTACH_POINT);
}
// The text begins with the name of a probe type.
[[nodiscard]] bool is_known_probe(std::string_view text);
// A word that begins a function in other languages, and what is said to it.
[[nodiscard]] bool is_function_word(std::string_view word);
inline constexpr std::string_view kMacrosInstead =
    "functions of one's own are macros, in front of the probes: 'macro name($a) { ... }'";

// hint_for() about probes.
[[nodiscard]] std::string probe_hint(const Slip& slip);

// How to mend it; "" if nothing is known.
[[nodiscard]] std::string hint_for(const Slip& slip);

}  // namespace sonde::parser
