// Going through the bytes of a string one by one.
#pragma once

#include <functional>
#include <span>

#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

// One byte's turn. Its code may run in a function of its own: it uses only what stands here, constants and globals.
struct WalkTurn {
  IrValue index = nullptr;  // An i64.
  IrValue byte = nullptr;   // An i8.
  Memory text;              // All of it.
  Memory state;             // What turns leave for each other and for the code behind the walk.
  std::span<const IrValue> pointers;  // As they were given.
  IrBlock stop = nullptr;             // Ends the walk.
};

// Makes the code of `turn` once, to run for each of the `capacity` bytes. `state` is not on the stack: see DetachedLoop.
void walk_text(Function& f, const Memory& text, std::uint32_t capacity, const Memory& state,
               std::span<const IrValue> pointers, const std::function<void(const WalkTurn&)>& turn);

}  // namespace sonde::codegen
