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
      if (node.value != nullptr && f.test_result != nullptr) {
        const IrValue failed = f.ir.resize(emit_condition(f, *node.value), 64, false);
        f.ir.store(failed, f.test_result, 8);
      } else if (node.value != nullptr) {
        emit_effect(f, *node.value);  // The kernel ignores the result of tracing programs.
      }
      return f.leave();
  }
  f.ir.enter(f.ir.block());  // What follows is dead.
}

}  // namespace sonde::codegen
