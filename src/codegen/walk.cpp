#include "codegen/walk.h"

#include <vector>

#include "codegen/loop.h"

namespace sonde::codegen {
void walk_text(Function& f, const Memory& text, std::uint32_t capacity, const Memory& state,
               std::span<const IrValue> pointers,
               const std::function<void(const WalkTurn&)>& turn) {
  Ir& ir = f.ir;
  std::vector<IrValue> all = {text.pointer, state.pointer};
  all.insert(all.end(), pointers.begin(), pointers.end());
  const auto visit = [&](const Turn& at) {
    turn({.index = at.index,
          .byte = ir.load(8, ir.offset(at.pointers[0], at.index), 1),
          .text = {at.pointers[0], text.align},
          .state = {at.pointers[1], state.align},
          .pointers = at.pointers.subspan(2),
          .stop = at.stop});
  };
  if (capacity > plan::kWalkedBytes)
    return detached_loop(f, {.turns = capacity, .pointers = all, .name = {}}, visit);
  counted_loop(f, capacity, 1, [&](IrValue index, IrBlock out) {
    visit({.index = index, .pointers = all, .stop = out});
  });
}

}  // namespace sonde::codegen
