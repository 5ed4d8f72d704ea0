#include "codegen/statement.h"

#include "ast/visit.h"
#include "ast/walk.h"
#include "base/check.h"
#include "codegen/access.h"
#include "codegen/arithmetic.h"
#include "codegen/convert.h"
#include "codegen/event.h"
#include "codegen/expression.h"
#include "codegen/map_ops.h"

namespace sonde::codegen {
namespace {

bool reads(ast::Expression& expression, const ast::Variable& variable) {
  bool found = false;
  ast::walk(expression, [&](ast::Node& node) {
    const auto* read = ast::as<ast::ScratchVariable>(&node);
    found = found || (read != nullptr && read->variable == &variable);
  });
  return found;
}

void set_variable(Function& f, ast::ScratchVariable& target, ast::Expression& value) {
  const Destination to{f.variable(*target.variable), target.variable->type, Fill::Any};
  if (to.type->is_scalar() || !reads(value, *target.variable)) return emit_into(f, value, to);
  // A value that is made of the variable itself is made aside.
  const Memory aside = f.temporary(*to.type);
  emit_into(f, value, {aside, to.type, Fill::Any});
  copy(f, to.memory, aside, to.type->size());
}

// `$x = value`; `compound` gives `$x op= value`.
void assign_variable(Function& f, ast::ScratchVariable& target, ast::Assignment& node) {
  const types::Type* type = target.variable->type;
  const Memory memory = f.variable(*target.variable);
  if (!node.compound) return set_variable(f, target, *node.value);
  const Operation how = common_operation(*type, *node.value->type);
  IrValue amount =
      f.ir.resize(to_number(f, emit(f, *node.value)), how.bits, node.value->type->is_signed());
  if (type->is_pointer() && !type->element()->is_void() && node.value->type->is_integral()) {
    amount =
        f.ir.binary(Op::Mul, amount, f.ir.integer(how.bits, std::max(1U, type->element()->size())));
  }
  const At at(f, node.operator_location);
  const IrValue before = f.ir.resize(f.ir.load(type->size() * 8, memory.pointer, memory.align),
                                     how.bits, type->is_signed());
  // The sign of a right shift is that of what is shifted.
  const bool is_shift = node.operation == ast::BinaryOp::ShiftRight;
  const IrValue after = arithmetic(f.ir, node.operation, before, amount,
                                   is_shift ? type->is_signed() : how.is_signed);
  f.ir.store(f.ir.resize(after, type->size() * 8, how.is_signed), memory.pointer, memory.align);
}

// A call of delete() whose result nobody looks at: the user is told if there was nothing to delete.
void emit_delete(Function& f, ast::Call& call) {
  const auto* access = ast::as<ast::MapAccess>(call.arguments[0]);
  SONDE_CHECK(access != nullptr);
  const Value deleted = emit(f, call);
  const IrBlock missing = f.ir.block();
  const IrBlock done = f.ir.block();
  f.ir.branch(f.ir.is_nonzero(deleted.scalar), done, missing);
  f.ir.enter(missing);
  plan::Action action;
  action.kind = plan::ActionKind::KeyToDelete;
  action.map = access->map;
  action.location = call.location;
  warn_once(f, f.module.add_action(std::move(action)), {});
  f.ir.jump(done);
  f.ir.enter(done);
}

}  // namespace

void emit(Function& f, ast::Statement& statement) {
  const At at(f, statement.location);
  const Function::Mark mark = f.mark();
  ast::visit(statement, [&](auto& node) { emit_node(f, node); });
  f.release(mark);
}

void emit_block(Function& f, ast::Block& block) {
  for (ast::Statement* statement : block.statements) emit(f, *statement);
}

void emit_node(Function& f, ast::Block& node) { emit_block(f, node); }

void emit_node(Function& f, ast::ExpressionStatement& node) {
  auto* call = ast::as<ast::Call>(node.value);
  if (call != nullptr && call->function != nullptr &&
      call->function->id == builtins::FunctionId::Delete) {
    return emit_delete(f, *call);
  }
  emit_effect(f, *node.value);
}

void emit_node(Function& f, ast::Assignment& node) {
  if (node.target == nullptr) return emit_effect(f, *node.value);
  if (auto* variable = ast::as<ast::ScratchVariable>(node.target))
    return assign_variable(f, *variable, node);
  auto* access = ast::as<ast::MapAccess>(node.target);
  SONDE_CHECK(access != nullptr);
  if (node.compound) {
    update_map(f, *access, node.operation, *node.value, node.operator_location);
  } else {
    assign_map(f, *access, *node.value);
  }
}

void emit_node(Function& f, ast::Declaration& node) {
  SONDE_CHECK(node.target->variable != nullptr);
  const types::Type* type = node.target->variable->type;
  if (type == nullptr) return;  // Never used.
  const Memory memory = f.variable(*node.target->variable);
  if (node.value != nullptr) {
    set_variable(f, *node.target, *node.value);
  } else {
    zero(f, memory, type->size());  // A variable in a loop starts anew each time.
  }
}

}  // namespace sonde::codegen
