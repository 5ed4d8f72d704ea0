#include "codegen/loop.h"

#include <vector>

#include "base/check.h"

namespace sonde::codegen {
namespace {

IrValue slot(Ir& ir, IrValue frame, std::size_t index) {
  return ir.offset(frame, static_cast<std::int64_t>(index * 8));
}

// int turn(u64 index, void *frame): 0 goes on, 1 ends the loop.
IrValue make_callback(Function& f, const DetachedLoop& loop,
                      const std::function<void(const Turn&)>& turn) {
  Ir& ir = f.ir;
  using enum Module::Parameter;
  constexpr Module::Parameter kParameters[] = {Number, Pointer};
  const Ir::Position back = ir.position();
  const std::string name =
      loop.name.empty() ? f.module.callback_name(f.program.name) : "sonde_" + loop.name;
  const IrValue callback = f.module.begin_function(name, f.location(), kParameters);
  const IrValue index = ir.parameter(0);
  const IrBlock inside = ir.block();
  const IrBlock stop = ir.block();
  // The verifier does not know how often the helper calls.
  ir.branch(ir.compare(Compare::ULess, index, ir.i64(loop.turns)), inside, stop);
  ir.enter(stop);
  ir.ret(ir.i64(1));
  ir.enter(inside);
  std::vector<IrValue> pointers;
  for (std::size_t i = 0; i < loop.pointers.size(); ++i)
    pointers.push_back(ir.load_pointer(slot(ir, ir.parameter(1), i)));
  turn({.index = index, .pointers = pointers, .stop = stop});
  ir.ret(ir.i64(0));
  ir.restore(back);
  return callback;
}

}  // namespace

void detached_loop(Function& f, const DetachedLoop& loop,
                   const std::function<void(const Turn&)>& turn) {
  Ir& ir = f.ir;
  SONDE_CHECK(loop.pointers.size() <= kMostPointers);
  if (!f.module.plan().target.has(plan::Feature::BpfLoop)) {
    return counted_loop(f, loop.turns, 1, [&](IrValue index, IrBlock out) {
      turn({.index = index, .pointers = loop.pointers, .stop = out});
    });
  }
  const IrValue frame = f.loop_frame(8 * kMostPointers);
  for (std::size_t i = 0; i < loop.pointers.size(); ++i)
    ir.store(loop.pointers[i], slot(ir, frame, i), 8);
  IrValue own = nullptr;
  IrValue& callback = loop.name.empty() ? own : f.module.shared_function(loop.name);
  if (callback == nullptr) callback = make_callback(f, loop, turn);
  ir.call(Helper::Loop, {ir.i64(loop.turns), callback, frame, ir.i64(0)});
}

}  // namespace sonde::codegen
