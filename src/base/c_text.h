// C text as tokens, and the outline of what it declares: enough to tell where a definition ends without understanding it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sonde {

enum class CTokenKind : std::uint8_t { End, Identifier, Number, String, Character, Punctuator };

struct CToken {
  CTokenKind kind = CTokenKind::End;
  std::string_view
      text;  // Into the text given; "" at the end. Strings and characters with their quotes.
  std::size_t offset = 0;   // Into the text given.
  bool line_start = false;  // The first one of its line.

  [[nodiscard]] bool is(std::string_view what) const {
    return text == what && kind != CTokenKind::String && kind != CTokenKind::Character;
  }
  [[nodiscard]] bool is_identifier() const { return kind == CTokenKind::Identifier; }
};

// The token at or behind `offset`, past blanks, comments and spliced lines. Bytes that no token of C begins with become
// punctuators; a string or comment that is not closed ends with its line or with the text.
[[nodiscard]] CToken c_token(std::string_view text, std::size_t offset);
// All of them, without the one at the end.
[[nodiscard]] std::vector<CToken> c_tokens(std::string_view text);

// Bytes of the preprocessor line (with its continuations, without the newline) that `text` begins with.
[[nodiscard]] std::size_t c_directive_length(std::string_view text);
// Bytes of the definition that `text` begins with: up to the ';', or to the '}' where a script leaves the ';' away, which
// only typedefs need. `is_foreign(offset, depth)` tells that what begins that line, `depth` braces deep, is no part of it;
// the definition ends in front of it.
[[nodiscard]] std::size_t c_definition_length(
    std::string_view text, const std::function<bool(std::size_t, std::size_t)>& is_foreign);

// What the declarations of a text name, wherever they stand.
struct COutline {
  struct Tag {
    std::string_view keyword;  // "struct", "union" or "enum"
    std::string_view name;
  };
  std::vector<Tag> tags;  // With a body.
  std::vector<std::string_view>
      typedefs;  // In the order of the text; a name may come more than once.
  std::vector<std::string_view> constants;  // Of enums.
};
[[nodiscard]] COutline c_outline(std::string_view text);

// `text` with the bodies of functions replaced by ';'. Line markers stay.
[[nodiscard]] std::string c_without_functions(std::string_view text);

// What a string or character literal (with its quotes) stands for; nullopt for an escape that C does not have.
[[nodiscard]] std::optional<std::string> c_unquote(std::string_view literal);

}  // namespace sonde
