#include "codegen/walk.h"

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "codegen/loop.h"

namespace sonde::codegen {
namespace {

// Temporaries above this many words are never on the stack.
constexpr std::uint32_t kScratchWords = 9;

// Text, state, then the other pointers.
constexpr std::uint32_t kText = 0;
constexpr std::uint32_t kState = 1;
constexpr std::uint32_t kOthers = 2;
constexpr std::uint32_t kMostOthers = 2;

IrValue slot(Ir& ir, IrValue frame, std::size_t index) {
  return ir.offset(frame, static_cast<std::int64_t>(index * 8));
}

// int turn(u64 index, void *frame): 0 goes on, 1 ends the loop.
IrValue make_callback(Function& f, const Memory& text, std::uint32_t capacity, const Memory& state,
                      std::size_t pointer_count, const std::function<void(const WalkTurn&)>& turn) {
  Ir& ir = f.ir;
  using enum Module::Parameter;
  constexpr Module::Parameter kParameters[] = {Number, Pointer};
  const IrValue callback =
      f.module.begin_function(f.module.callback_name(f.program.name), f.location(), kParameters);
  const IrValue index = ir.parameter(0);
  const IrValue frame = ir.parameter(1);
  const IrBlock inside = ir.block();
  const IrBlock stop = ir.block();
  // The verifier does not know how often the helper calls.
  ir.branch(ir.compare(Compare::ULess, index, ir.i64(capacity)), inside, stop);
  ir.enter(stop);
  ir.ret(ir.i64(1));
  ir.enter(inside);
  std::vector<IrValue> pointers;
  for (std::size_t i = 0; i < pointer_count; ++i)
    pointers.push_back(ir.load_pointer(slot(ir, frame, kOthers + i)));
  const Memory seen{ir.load_pointer(slot(ir, frame, kText)), text.align};
  const Memory kept{ir.load_pointer(slot(ir, frame, kState)), state.align};
  turn({.index = index,
        .byte = ir.load(8, ir.offset(seen.pointer, index), 1),
        .text = seen,
        .state = kept,
        .pointers = pointers,
        .stop = stop});
  ir.ret(ir.i64(0));
  return callback;
}

}  // namespace

// What turns change is not on the stack: before 6.7 the verifier walks through a callback once and believes what it saw there.
Memory walk_state(Function& f, std::uint32_t words) {
  return f.temporary(8 * std::max(words, kScratchWords));
}

void walk_text(Function& f, const Memory& text, std::uint32_t capacity, const Memory& state,
               std::span<const IrValue> pointers,
               const std::function<void(const WalkTurn&)>& turn) {
  Ir& ir = f.ir;
  const bool calls_back =
      capacity > plan::kWalkedBytes && f.module.plan().target.has(plan::Feature::BpfLoop);
  if (!calls_back) {
    counted_loop(f, capacity, 1, [&](IrValue index, IrBlock out) {
      turn({.index = index,
            .byte = ir.load(8, ir.offset(text.pointer, index), 1),
            .text = text,
            .state = state,
            .pointers = pointers,
            .stop = out});
    });
    return;
  }
  SONDE_CHECK(pointers.size() <= kMostOthers);
  if (f.walk_frame == nullptr) f.walk_frame = ir.stack_slot(8 * (kOthers + kMostOthers));
  const IrValue frame = f.walk_frame;
  ir.store(text.pointer, slot(ir, frame, kText), 8);
  ir.store(state.pointer, slot(ir, frame, kState), 8);
  for (std::size_t i = 0; i < pointers.size(); ++i)
    ir.store(pointers[i], slot(ir, frame, kOthers + i), 8);
  const Ir::Position back = ir.position();
  const IrValue callback = make_callback(f, text, capacity, state, pointers.size(), turn);
  ir.restore(back);
  ir.call(Helper::Loop, {ir.i64(capacity), callback, frame, ir.i64(0)});
}

}  // namespace sonde::codegen
