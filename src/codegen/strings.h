// Strings: NUL-terminated bytes in a fixed capacity. What lies behind the NUL is undefined, but in map keys.
#pragma once

#include <optional>
#include <string_view>

#include "codegen/expression.h"
#include "codegen/value.h"

namespace sonde::codegen {

// Writes a text that is known now; behind it zeros up to the capacity.
void store_literal(Function& f, std::string_view text, const Destination& to);
// Writes the string (or array of characters) at `from`, cut to the destination's capacity.
void store_string(Function& f, const Place& from, const Destination& to);

// The text of a string that is known now: a literal, a positional parameter.
[[nodiscard]] std::optional<std::string_view> constant_text(const ast::Expression& expression);

// True if the strings are equal, up to `limit` bytes (0: all).
[[nodiscard]] IrValue strings_equal(Function& f, ast::Expression& a, ast::Expression& b,
                                    std::uint32_t limit);
// Length in bytes of the string in `memory`, as an i64.
[[nodiscard]] IrValue string_length(Function& f, const Memory& memory, std::uint32_t capacity);

}  // namespace sonde::codegen
