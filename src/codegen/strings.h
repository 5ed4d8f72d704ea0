// Strings: NUL-terminated bytes in a fixed capacity. What lies behind the NUL is undefined, but in map keys. A string that may
// have been cut has a byte behind its capacity that tells: types::StringEnd.
#pragma once

#include <optional>
#include <string_view>

#include "codegen/expression.h"
#include "codegen/value.h"

namespace sonde::codegen {

// Writes a text that is known now.
void store_literal(Function& f, std::string_view text, const Destination& to);
// Writes the string (or array of characters) at `from`, cut to the destination's capacity.
void store_string(Function& f, const Place& from, const Destination& to);

// --- how a string ended ---
// Notes in the destination whether its text was cut (`end` as an i64); nothing if its type has no place for that.
void mark_end(Function& f, const Destination& to, types::StringEnd end);
void mark_end(Function& f, const Destination& to, IrValue end);
// The StringEnd of a string as an i64.
[[nodiscard]] IrValue end_of(Function& f, const Place& string);

// --- reading text from traced memory ---
struct TextSource {
  Space space = Space::Kernel;  // Kernel or User.
  IrValue address = nullptr;    // An i64.
  IrValue end = nullptr;        // Its own StringEnd, null if it is whole.
};
struct TextLimit {
  IrValue bytes = nullptr;  // Bytes to keep with the NUL, from 1 to `most`; null: `most`.
  std::uint32_t most = 0;   // At most the destination's capacity.
  IrValue cut = nullptr;    // The StringEnd of a text that is longer.
  bool may_cut = true;
};
void read_string(Function& f, const TextSource& from, const TextLimit& limit,
                 const Destination& to);

// `number` (an i64), or `most` if it is larger or negative; the verifier sees the bound.
[[nodiscard]] IrValue at_most(Function& f, IrValue number, std::uint32_t most);

// The text of a string that is known now: a literal, a positional parameter.
[[nodiscard]] std::optional<std::string_view> constant_text(const ast::Expression& expression);

}  // namespace sonde::codegen
