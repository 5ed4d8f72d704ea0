// Loops over a number of turns that is known when the program is made.
#pragma once

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

}  // namespace sonde::codegen
