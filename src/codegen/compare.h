// Comparing and measuring text and bytes in BPF memory, a word at a time.
#pragma once

#include "codegen/expression.h"
#include "codegen/value.h"

namespace sonde::codegen {

// True if the strings are equal, up to `limit` bytes (0: all).
[[nodiscard]] IrValue strings_equal(Function& f, ast::Expression& a, ast::Expression& b,
                                    std::uint32_t limit);
// True if the strings are equal up to the first NUL of `a`, or as far as `size`.
[[nodiscard]] IrValue text_equal(Function& f, const Memory& a, const Memory& b, std::uint32_t size);
// True if `text` begins with `prefix`, or with its first `size` bytes. `place`: see scan_words().
[[nodiscard]] IrValue begins_with(Function& f, const Memory& text, const Memory& prefix,
                                  std::uint32_t size, const Memory& place);
// -1, 0 or 1, as memcmp() orders the first `size` bytes.
[[nodiscard]] IrValue bytes_order(Function& f, const Memory& a, const Memory& b,
                                  std::uint32_t size);
// True if the first `size` bytes are the same.
[[nodiscard]] IrValue bytes_equal(Function& f, const Memory& a, const Memory& b,
                                  std::uint32_t size);
// Length in bytes of the string in `memory`, as an i64; `capacity` if there is no NUL.
[[nodiscard]] IrValue string_length(Function& f, const Memory& memory, std::uint32_t capacity);

}  // namespace sonde::codegen
