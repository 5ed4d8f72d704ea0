// Loops over a number of turns that is known when the program is made.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "codegen/function.h"

namespace sonde::codegen {

// Makes the code of `body(index)` once, to run for index (i64) = 0, step, 2 * step, ... below `end`, which is not 0. The
// verifier walks through all turns. The condition stands at the end: see Ir::jump_back(). `body` may jump to the block that it
// is given to leave the loop.
template <class Body>
void counted_loop(Function& f, std::uint64_t end, std::uint64_t step, Body&& body) {
  const IrValue counter = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(0), counter, 8);
  const IrBlock head = f.ir.block();
  const IrBlock done = f.ir.block();
  f.ir.jump(head);
  f.ir.enter(head);
  const IrValue index = f.ir.load(64, counter, 8);
  body(index, done);
  const IrValue next = f.ir.add(index, step);
  f.ir.store(next, counter, 8);
  f.ir.branch(f.ir.compare(Compare::ULess, next, f.ir.i64(end)), head, done);
  f.ir.enter(done);
}

// One turn of a detached loop. Its code may be in a function of its own: it uses only what stands here, constants and globals.
struct Turn {
  IrValue index = nullptr;            // An i64 below the number of turns.
  std::span<const IrValue> pointers;  // As they were given.
  IrBlock stop = nullptr;             // Ends the loop.
};

struct DetachedLoop {
  std::uint32_t turns = 0;            // Not 0.
  std::span<const IrValue> pointers;  // At most kMostPointers.
  std::string
      name;  // Loops of one name have the same code, of which one copy is made. Empty: no others.
};
inline constexpr std::uint32_t kMostPointers = 4;

// The kernel calls the turns back where it can (bpf_loop(), 5.17), so that the verifier walks through one of them only: the way
// for many turns. What turns change must not be on the stack, for before 6.7 the verifier believes what it saw there in its one
// walk.
void detached_loop(Function& f, const DetachedLoop& loop,
                   const std::function<void(const Turn&)>& turn);

}  // namespace sonde::codegen
