// Finding text in text.
#pragma once

#include <string_view>

#include "base/byte_glob.h"
#include "codegen/expression.h"

namespace sonde::codegen {

// Index (an i64) of the first occurrence of `needle`, -1 if there is none.
[[nodiscard]] IrValue find_text(Function& f, ast::Expression& haystack, ast::Expression& needle);

// A part of a string.
struct Piece {
  IrValue begin = nullptr;    // An i64; the capacity if there is no such piece.
  IrValue length = nullptr;   // An i64; the capacity of a piece that ends with the string.
  IrValue is_last = nullptr;  // An i1: it does.
};
// A number of a piece.
struct PieceIndex {
  IrValue value = nullptr;      // An i64; below 0 it counts from the end.
  bool may_be_negative = true;  // Not known to be 0 or more.
};
// A piece of `text` between separators of 1 to 8 bytes.
[[nodiscard]] Piece find_piece(Function& f, const Memory& text, std::uint32_t capacity,
                               std::string_view separator, const PieceIndex& index);

// True (i1) if the whole string matches.
[[nodiscard]] IrValue glob_matches(Function& f, const Memory& text, std::uint32_t capacity,
                                   const ByteGlob& glob);

}  // namespace sonde::codegen
