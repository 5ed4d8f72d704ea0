#include "base/check.h"
#include "codegen/convert.h"
#include "codegen/expression.h"
#include "codegen/statement.h"

namespace sonde::codegen {

void emit_node(Function& f, ast::If& node) {
  const IrBlock then_block = f.ir.block();
  const IrBlock done = f.ir.block();
  const IrBlock else_block = node.else_block != nullptr ? f.ir.block() : done;
  f.ir.branch(emit_condition(f, *node.condition), then_block, else_block);
  f.ir.enter(then_block);
  emit_block(f, *node.then_block);
  f.ir.jump(done);
  if (node.else_block != nullptr) {
    f.ir.enter(else_block);
    emit(f, *node.else_block);
    f.ir.jump(done);
  }
  f.ir.enter(done);
}

// The verifier walks through every turn of a loop: it must see that it ends, within a million instructions (5.2) in all.
void emit_node(Function& f, ast::While& node) {
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

void emit_node(Function& f, ast::Unroll& node) {
  const IrBlock done = f.ir.block();
  for (std::uint64_t i = 0; i < node.times; ++i) {
    const IrBlock next = f.ir.block();
    f.loops.push_back({.break_target = done, .continue_target = next});
    emit_block(f, *node.body);
    f.loops.pop_back();
    f.ir.jump(next);
    f.ir.enter(next);
  }
  f.ir.jump(done);
  f.ir.enter(done);
}

void emit_node(Function& f, ast::ForRange& node) {
  SONDE_CHECK(node.variable->variable != nullptr);
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

// sema refuses it.
void emit_node(Function&, ast::ForMap&) { SONDE_UNREACHABLE(); }

void emit_node(Function& f, ast::Jump& node) {
  switch (node.jump) {
    case ast::JumpKind::Break:
      SONDE_CHECK(!f.loops.empty());
      f.ir.jump(f.loops.back().break_target);
      break;
    case ast::JumpKind::Continue:
      SONDE_CHECK(!f.loops.empty());
      f.ir.jump(f.loops.back().continue_target);
      break;
    case ast::JumpKind::Return:
      // The kernel ignores the result of tracing programs.
      if (node.value != nullptr) emit_effect(f, *node.value);
      return f.leave();
  }
  f.ir.enter(f.ir.block());  // What follows is dead.
}

}  // namespace sonde::codegen
