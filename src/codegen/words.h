// Changing the u64s of an aggregation's value, which belongs to one CPU.
#pragma once

#include "codegen/function.h"

namespace sonde::codegen {

struct Words {
  Function& f;
  bool is_shared;  // Another program, or the same, may begin on the CPU and change them meanwhile.

  void add(IrValue pointer, std::int64_t offset, IrValue amount) const;
  // The u128 whose low word is at `offset`, the high one behind it.
  void add_wide(IrValue pointer, std::int64_t offset, IrValue low, IrValue high) const;
  // True (i1) if `value` has taken the place of `before`.
  [[nodiscard]] IrValue replace(IrValue pointer, IrValue before, IrValue value) const;
};

// {word, is_set} at `pointer` becomes the larger of itself and `word`, see types/extreme.h.
void keep_larger(const Words& words, IrValue pointer, IrValue word);
// The same with a value of min(), max() or tseries().
void keep_better(const Words& words, IrValue pointer, IrValue value, const types::Type& type);

// stddev(): count, total and squares.
void add_deviation(const Words& words, IrValue pointer, IrValue value, bool is_signed);

}  // namespace sonde::codegen
