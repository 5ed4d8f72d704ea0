// Temporaries on the BPF stack, of which all functions that are active have 512 bytes together, spills and callees included.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "codegen/value.h"

namespace sonde::codegen {

// What one function may take.
struct StackBudget {
  std::uint32_t bytes = 0;
  std::uint32_t scalars = 0;  // LLVM cannot keep all variables in registers.
};
// `depth`: of callbacks inside one another, in the whole program; `level`: how many of them are around the function.
[[nodiscard]] StackBudget stack_budget(std::uint32_t depth, std::uint32_t level);

class Stack {
 public:
  Stack(Ir& ir, std::uint32_t largest, StackBudget budget)
      : ir_(ir), largest_(largest), budget_(budget) {}
  void set_budget(StackBudget budget) { budget_ = budget; }

  // `size` bytes (a multiple of 8) until release(); nothing if they are better kept elsewhere.
  [[nodiscard]] std::optional<Memory> temporary(std::uint32_t size);
  // The same for as long as the function runs.
  [[nodiscard]] std::optional<Memory> lasting(std::uint32_t size);
  // The same of any size that there is room for.
  [[nodiscard]] std::optional<Memory> lasting_large(std::uint32_t size);
  // A variable of `bits` that LLVM keeps in a register if it can.
  [[nodiscard]] std::optional<Memory> scalar(std::uint32_t bits);
  // 8 bytes that are used at once and never again, in any case.
  [[nodiscard]] IrValue word();

  // Nothing of what was taken is needed any more, wherever the code goes on.
  void free_all();
  // Memory of code that does not run when this function's does, in the same frame: all of it is free here.
  void take_over(Stack& other);

  [[nodiscard]] std::size_t mark() const { return busy_.size(); }
  void release(std::size_t mark);

 private:
  struct Slot {
    IrValue pointer = nullptr;
    std::uint32_t size = 0;
  };
  [[nodiscard]] bool has_room(std::uint32_t size) const {
    return size <= largest_ && bytes_ + size <= budget_.bytes;
  }
  [[nodiscard]] std::optional<Slot> take_free(std::uint32_t size);

  Ir& ir_;
  std::uint32_t largest_;  // Of one temporary; larger ones live elsewhere.
  StackBudget budget_;
  std::uint32_t bytes_ = 0;
  std::uint32_t scalars_ = 0;
  std::vector<Slot> free_;
  std::vector<Slot> busy_;
  std::vector<Slot> lasting_;
};

}  // namespace sonde::codegen
