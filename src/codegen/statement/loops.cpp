// Loops. The verifier walks through all turns of a loop in the program, and must see that it ends, within a million
// instructions (5.2). So only short ones stay there (sema says which); the bodies of others are called back by the kernel.
#include "base/check.h"
#include "codegen/access.h"
#include "codegen/aggregation.h"
#include "codegen/callback.h"
#include "codegen/convert.h"
#include "codegen/event.h"
#include "codegen/expression.h"
#include "codegen/statement.h"

namespace sonde::codegen {
namespace {

using enum Module::Parameter;

void warn_of_cut(Function& f, diag::Location where) {
  plan::Action action;
  action.kind = plan::ActionKind::LoopCut;
  action.location = where;
  warn_once(f, f.module.add_action(std::move(action)), {});
}

// bpf_loop(): `turn(body, index)` for index = 0, 1, ... below `turns`. Returns the number of turns.
template <class Turn>
IrValue call_loop(Function& f, IrValue turns, Turn&& turn) {
  constexpr Module::Parameter kParameters[] = {Number, Pointer};
  const Callback callback =
      make_callback(f, kParameters, [&](Function& body) { turn(body, body.ir.parameter(0)); });
  const IrValue done =
      f.ir.call(Helper::Loop, {turns, callback.function, callback.frame, f.ir.i64(0)});
  follow(f, callback);
  return done;
}

void emit_called(Function& f, ast::While& node) {
  const diag::Location where = node.location;
  call_loop(f, f.ir.i64(plan::kMaxLoopTurns), [&](Function& body, IrValue index) {
    Ir& ir = body.ir;
    const IrBlock check = ir.block();
    const IrBlock cut = ir.block();
    const IrBlock run = ir.block();
    ir.branch(emit_condition(body, *node.condition), check, body.loops.back().break_target);
    ir.enter(check);
    ir.branch(ir.compare(Compare::Equal, index, ir.i64(plan::kMaxLoopTurns - 1)), cut, run);
    ir.enter(cut);
    warn_of_cut(body, where);
    ir.jump(body.loops.back().break_target);
    ir.enter(run);
    emit_block(body, *node.body);
  });
}

void emit_inline(Function& f, ast::While& node) {
  const IrBlock head = f.ir.block();
  const IrBlock body = f.ir.block();
  const IrBlock done = f.ir.block();
  f.ir.jump(head);
  f.ir.enter(head);
  f.ir.branch(emit_condition(f, *node.condition), body, done);
  f.ir.enter(body);
  f.loops.push_back({.break_target = done, .continue_target = head});
  emit_block(f, *node.body);
  f.loops.pop_back();
  f.ir.jump_back(head, done);
  f.ir.enter(done);
}

// Turns of the range, and its start where the callback finds it.
struct Range {
  IrValue turns = nullptr;
  std::uint32_t start = 0;  // Offset in the scratch memory.
};

Range evaluate(Function& f, ast::ForRange& node) {
  const types::Type& type = *node.variable->variable->type;
  const bool is_signed = type.is_signed();
  const IrValue start = f.ir.resize(emit_scalar(f, *node.start, type), 64, is_signed);
  const IrValue end = f.ir.resize(emit_scalar(f, *node.end, type), 64, is_signed);
  const Compare below = is_signed ? Compare::SLess : Compare::ULess;
  const IrValue turns =
      f.ir.select(f.ir.compare(below, start, end), f.ir.binary(Op::Sub, end, start), f.ir.i64(0));
  const std::uint32_t offset = f.scratch.reserve(2 * sizeof(std::uint64_t));
  const IrValue memory = f.scratch.at(offset).pointer;
  f.ir.store(start, memory, 8);
  // By way of memory, which hides the number from the verifier: if it knows that there are no turns it throws the callback away,
  // but not its address, and fails (seen in 6.18).
  const IrValue hidden = f.ir.offset(memory, std::int64_t{8});
  f.ir.store(turns, hidden, 8);
  return {f.ir.load(64, hidden, 8, Volatile::Yes), offset};
}

void emit_called(Function& f, ast::ForRange& node) {
  const ast::Variable& variable = *node.variable->variable;
  const std::uint32_t bits = variable.type->size() * 8;
  const Range range = evaluate(f, node);
  const IrValue most = f.ir.i64(plan::kMaxLoopTurns);
  const IrValue is_long = f.ir.compare(Compare::UGreater, range.turns, most);
  const IrValue turns = f.ir.select(is_long, most, range.turns);
  const IrValue done = call_loop(f, turns, [&](Function& body, IrValue index) {
    const IrValue start = body.ir.load(64, body.scratch.at(range.start).pointer, 8);
    const Memory visible = body.variable(variable);
    const IrValue value = body.ir.binary(Op::Add, start, index);
    body.ir.store(body.ir.resize(value, bits, false), visible.pointer, visible.align);
    emit_block(body, *node.body);
  });
  const IrBlock cut = f.ir.block();
  const IrBlock next = f.ir.block();
  const IrValue is_all = f.ir.compare(Compare::Equal, done, most);
  f.ir.branch(f.ir.select(is_long, is_all, f.ir.boolean(false)), cut, next);
  f.ir.enter(cut);
  warn_of_cut(f, node.location);
  f.ir.jump(next);
  f.ir.enter(next);
}

void emit_inline(Function& f, ast::ForRange& node) {
  const types::Type* type = node.variable->variable->type;
  const std::uint32_t bits = type->size() * 8;
  const Memory visible = f.variable(*node.variable->variable);
  const IrValue counter = f.ir.stack_scalar(bits);
  f.ir.store(emit_scalar(f, *node.start, *type), counter, visible.align);
  const IrValue end = emit_scalar(f, *node.end, *type);

  const IrBlock body = f.ir.block();
  const IrBlock next = f.ir.block();
  const IrBlock done = f.ir.block();
  const Compare below = type->is_signed() ? Compare::SLess : Compare::ULess;
  f.ir.branch(f.ir.compare(below, f.ir.load(bits, counter, visible.align), end), body, done);
  f.ir.enter(body);
  // What the body does to the variable has no effect on the count.
  f.ir.store(f.ir.load(bits, counter, visible.align), visible.pointer, visible.align);
  f.loops.push_back({.break_target = done, .continue_target = next});
  emit_block(f, *node.body);
  f.loops.pop_back();
  f.ir.jump(next);
  f.ir.enter(next);
  const IrValue following = f.ir.add(f.ir.load(bits, counter, visible.align), 1);
  f.ir.store(following, counter, visible.align);
  f.ir.branch(f.ir.compare(below, following, end), body, done);
  f.ir.enter(done);
}

}  // namespace

void emit_node(Function& f, ast::While& node) {
  if (node.is_called) return emit_called(f, node);
  emit_inline(f, node);
}

void emit_node(Function& f, ast::ForRange& node) {
  SONDE_CHECK(node.variable->variable != nullptr);
  if (node.is_called) return emit_called(f, node);
  emit_inline(f, node);
}

// Copies are no loop: sema lets nothing break out of them.
void emit_node(Function& f, ast::Unroll& node) {
  for (std::uint64_t i = 0; i < node.times; ++i) emit_block(f, *node.body);
}

// The callback of bpf_for_each_map_elem() (5.13) gets (map, key, value, frame).
void emit_node(Function& f, ast::ForMap& node) {
  const int map = node.map->map;
  const types::Type* key_type = map_of(f, *node.map).key;
  const bool generations = map_of(f, *node.map).has_generations;
  const ast::Variable& variable = *node.variable->variable;
  const types::Type& pair = *variable.type;
  constexpr Module::Parameter kParameters[] = {Pointer, Pointer, Pointer, Pointer};
  const Callback callback = make_callback(f, kParameters, [&](Function& body) {
    const Function::Mark mark = body.mark();
    const Memory to = body.variable(variable);
    const Memory key{body.ir.parameter(1), 8};
    // The map that the kernel goes through: another generation may be in use meanwhile.
    const MapUse use{.map = map, .pointer = generations ? body.ir.parameter(0) : nullptr};
    const Value value = element_value(body, use, key, body.ir.parameter(2));
    zero_padding(body, {to, &pair, Fill::Zero});
    store(body, load(body, memory_value(key_type, key).place),
          {at(body.ir, to, 0), pair.elements()[0], Fill::Zero});
    store(body, value, {at(body.ir, to, pair.element_offset(1)), pair.elements()[1], Fill::Zero});
    body.release(mark);
    emit_block(body, *node.body);
  });
  call_on_map(f, Helper::ForEachMapElem, use_of(f, map),
              {callback.function, callback.frame, f.ir.i64(0)});
  follow(f, callback);
}

}  // namespace sonde::codegen
