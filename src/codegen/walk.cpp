#include "codegen/walk.h"

#include <vector>

#include "codegen/loop.h"

namespace sonde::codegen {
namespace {

// Bytes that one turn of a detached loop looks at: a call back costs as much as two or three of them.
constexpr std::uint32_t kTurnBytes = 8;

}  // namespace

void walk_text(Function& f, const Memory& text, std::uint32_t capacity, const Memory& state,
               std::span<const IrValue> pointers,
               const std::function<void(const WalkTurn&)>& turn) {
  Ir& ir = f.ir;
  std::vector<IrValue> all = {text.pointer, state.pointer};
  all.insert(all.end(), pointers.begin(), pointers.end());
  const auto visit = [&](IrValue index, std::span<const IrValue> given, IrBlock stop) {
    turn({.index = index,
          .byte = ir.load(8, ir.offset(given[0], index), 1),
          .text = {given[0], text.align},
          .state = {given[1], state.align},
          .pointers = given.subspan(2),
          .stop = stop});
  };
  if (capacity <= plan::kWalkedBytes) {
    counted_loop(f, capacity, 1, [&](IrValue index, IrBlock out) { visit(index, all, out); });
    return;
  }
  const std::uint32_t turns = (capacity + kTurnBytes - 1) / kTurnBytes;
  detached_loop(f, {.turns = turns, .pointers = all, .name = {}}, [&](const Turn& at) {
    const IrValue begin = ir.binary(Op::Mul, at.index, ir.i64(kTurnBytes));
    counted_loop(f, kTurnBytes, 1, [&](IrValue offset, IrBlock) {
      const IrValue index = ir.opaque(ir.binary(Op::Add, begin, offset));
      if (capacity % kTurnBytes != 0) {
        const IrBlock inside = ir.block();
        ir.branch(ir.compare(Compare::ULess, index, ir.i64(capacity)), inside, at.stop);
        ir.enter(inside);
      }
      visit(index, at.pointers, at.stop);
    });
  });
}

}  // namespace sonde::codegen
