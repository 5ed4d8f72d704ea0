#include "codegen/stack_memory.h"

#include <algorithm>
#include <utility>

namespace sonde::codegen {

StackBudget stack_budget(std::uint32_t depth, std::uint32_t level) {
  if (depth == 0) return {.bytes = 224, .scalars = 20};
  if (level == 0) return {.bytes = 96, .scalars = 8};
  if (level == 1) return {.bytes = 48, .scalars = 6};
  return {.bytes = 0, .scalars = 2};
}

// The smallest that is large enough.
std::optional<Stack::Slot> Stack::take_free(std::uint32_t size) {
  auto best = free_.end();
  for (auto slot = free_.begin(); slot != free_.end(); ++slot) {
    if (slot->size >= size && (best == free_.end() || slot->size < best->size)) best = slot;
  }
  if (best == free_.end()) return std::nullopt;
  const Slot taken = *best;
  free_.erase(best);
  return taken;
}

std::optional<Memory> Stack::temporary(std::uint32_t size) {
  if (size > largest_) return std::nullopt;
  std::optional<Slot> slot = take_free(size);
  if (!slot) {
    if (!has_room(size)) return std::nullopt;
    slot = Slot{ir_.stack_slot(size), size};
    bytes_ += size;
  }
  busy_.push_back(*slot);
  return Memory{slot->pointer, 8};
}

std::optional<Memory> Stack::lasting(std::uint32_t size) {
  return size <= largest_ ? lasting_large(size) : std::nullopt;
}

std::optional<Memory> Stack::lasting_large(std::uint32_t size) {
  if (bytes_ + size > budget_.bytes) return std::nullopt;
  bytes_ += size;
  lasting_.push_back({ir_.stack_slot(size), size});
  return Memory{lasting_.back().pointer, 8};
}

std::optional<Memory> Stack::scalar(std::uint32_t bits) {
  if (++scalars_ > budget_.scalars) return std::nullopt;
  return Memory{ir_.stack_scalar(bits), bits / 8};
}

IrValue Stack::word() {
  constexpr std::uint32_t kSize = 8;
  std::optional<Slot> slot = take_free(kSize);
  if (!slot) {
    slot = Slot{ir_.stack_slot(kSize), kSize};
    bytes_ += kSize;
  }
  free_.push_back(*slot);
  return slot->pointer;
}

void Stack::free_all() {
  for (std::vector<Slot>* slots : {&busy_, &lasting_}) {
    free_.insert(free_.end(), slots->begin(), slots->end());
    slots->clear();
  }
}

void Stack::take_over(Stack& other) {
  other.free_all();
  free_.insert(free_.end(), other.free_.begin(), other.free_.end());
  other.free_.clear();
  bytes_ += std::exchange(other.bytes_, 0);
}

void Stack::release(std::size_t mark) {
  while (busy_.size() > mark) {
    free_.push_back(busy_.back());
    busy_.pop_back();
  }
}

}  // namespace sonde::codegen
