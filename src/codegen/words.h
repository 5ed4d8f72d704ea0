// Changing the u64s of an aggregation's value, which belongs to one CPU.
#pragma once

#include "codegen/function.h"

namespace sonde::codegen {

struct Words {
  Function& f;
  bool is_shared;  // Another program, or the same, may begin on the CPU and change them meanwhile.
  int map = -1;    // Which map's they are, where one that is lost is counted.

  void add(IrValue pointer, std::int64_t offset, IrValue amount) const;
  // The u128 whose low word is at `offset`, the high one behind it.
  void add_wide(IrValue pointer, std::int64_t offset, IrValue low, IrValue high) const;
  // True (i1) if `value` has taken the place of `before`.
  [[nodiscard]] IrValue replace(IrValue pointer, IrValue before, IrValue value) const;
  // A value could not be kept, since another program was about to keep one.
  void count_loss() const;
};

// The word at `pointer` becomes the larger of itself and `word`.
void raise(const Words& words, IrValue pointer, IrValue word);

// {word, is_set} at `pointer` becomes the larger of itself and `word`, see types/extreme.h.
void keep_larger(const Words& words, IrValue pointer, IrValue word);
// The same with a value of min() or max().
void keep_better(const Words& words, IrValue pointer, IrValue value, const types::Type& type);

// stddev(): count, total and squares.
void add_deviation(const Words& words, IrValue pointer, IrValue value, bool is_signed);

}  // namespace sonde::codegen
