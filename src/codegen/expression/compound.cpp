// Expressions made of others: conditions, tuples, blocks, calls.
#include "base/check.h"
#include "builtins/tables.h"
#include "codegen/builtin/builtin.h"
#include "codegen/c_call.h"
#include "codegen/convert.h"
#include "codegen/expression.h"
#include "codegen/statement.h"

namespace sonde::codegen {
namespace {

// Makes a value that lives in memory in a temporary.
template <class Node>
Value build(Function& f, Node& node) {
  const Memory memory = f.temporary(*node.type);
  emit_node_into(f, node, {memory, node.type, Fill::Any});
  return memory_value(node.type, memory);
}

struct Arms {
  IrBlock then_block = nullptr;
  IrBlock else_block = nullptr;
  IrBlock done = nullptr;
};

// `a ?: b`: the condition is the value.
Value emit_elvis(Function& f, ast::Ternary& node) {
  const IrValue value = emit_scalar(f, *node.condition, *node.type);
  const IrBlock otherwise = f.ir.block();
  const IrBlock done = f.ir.block();
  const IrBlock from = f.ir.current();
  f.ir.branch(f.ir.is_nonzero(value), done, otherwise);
  f.ir.enter(otherwise);
  const IrValue other = emit_scalar(f, *node.else_value, *node.type);
  const IrBlock otherwise_end = f.ir.current();
  f.ir.jump(done);
  f.ir.enter(done);
  return scalar_value(node.type, f.ir.phi(value, from, other, otherwise_end));
}

Arms branch(Function& f, ast::Ternary& node) {
  const Arms arms{f.ir.block(), f.ir.block(), f.ir.block()};
  f.ir.branch(emit_condition(f, *node.condition), arms.then_block, arms.else_block);
  return arms;
}

Value emit_scalar_ternary(Function& f, ast::Ternary& node) {
  const Arms arms = branch(f, node);
  const bool is_void = node.type->is_void();
  const auto arm = [&](IrBlock block, ast::Expression& expression) -> IrValue {
    f.ir.enter(block);
    if (!is_void) return emit_scalar(f, expression, *node.type);
    emit_effect(f, expression);
    return nullptr;
  };
  const IrValue a = arm(arms.then_block, *node.then_value);
  const IrBlock a_end = f.ir.current();
  f.ir.jump(arms.done);
  const IrValue b = arm(arms.else_block, *node.else_value);
  const IrBlock b_end = f.ir.current();
  f.ir.jump(arms.done);
  f.ir.enter(arms.done);
  if (is_void) return Value{.type = node.type, .scalar = nullptr, .place = {}, .is_trusted = false};
  return scalar_value(node.type, f.ir.phi(a, a_end, b, b_end));
}

void run(Function& f, ast::BlockExpression& node) {
  for (ast::Statement* statement : node.statements) emit(f, *statement);
}

}  // namespace

Value emit_node(Function& f, ast::Ternary& node) {
  if (!node.type->is_scalar() && !node.type->is_void()) return build(f, node);
  return node.then_value == nullptr ? emit_elvis(f, node) : emit_scalar_ternary(f, node);
}

void emit_node_into(Function& f, ast::Ternary& node, const Destination& to) {
  ast::Expression& then_value = node.then_value != nullptr ? *node.then_value : *node.condition;
  const Arms arms = branch(f, node);
  f.ir.enter(arms.then_block);
  emit_into(f, then_value, to);
  f.ir.jump(arms.done);
  f.ir.enter(arms.else_block);
  emit_into(f, *node.else_value, to);
  f.ir.jump(arms.done);
  f.ir.enter(arms.done);
}

Value emit_node(Function& f, ast::Tuple& node) { return build(f, node); }

void emit_node_into(Function& f, ast::Tuple& node, const Destination& to) {
  const auto& types = to.type->elements();
  SONDE_CHECK(types.size() == node.elements.size());
  zero_padding(f, to);
  for (std::size_t i = 0; i < types.size(); ++i) {
    emit_into(f, *node.elements[i],
              {at(f.ir, to.memory, to.type->element_offset(i)), types[i], to.fill});
  }
}

Value emit_node(Function& f, ast::BlockExpression& node) {
  run(f, node);
  return emit(f, *node.value);
}

void emit_node_into(Function& f, ast::BlockExpression& node, const Destination& to) {
  run(f, node);
  emit_into(f, *node.value, to);
}

Value emit_node(Function& f, ast::Identifier& node) {
  if (node.variable != nullptr) return emit_variable(f, *node.variable, node.type, nullptr);
  // An enumerator.
  return scalar_value(node.type, f.ir.integer(register_bits(*node.type), node.constant));
}

void emit_node_into(Function& f, ast::Identifier& node, const Destination& to) {
  SONDE_CHECK(node.variable != nullptr);
  emit_variable(f, *node.variable, node.type, &to);
}

Value emit_node(Function& f, ast::Call& node) {
  if (node.c_function != nullptr) return emit_c_call(f, node);
  if (node.function != nullptr) return emit_function(f, node, nullptr);
  // `pid()`: a variable with empty parentheses.
  const builtins::Variable* variable = builtins::find_variable(node.name);
  SONDE_CHECK(variable != nullptr);
  return emit_variable(f, *variable, node.type, nullptr);
}

void emit_node_into(Function& f, ast::Call& node, const Destination& to) {
  if (node.function != nullptr) {
    emit_function(f, node, &to);
  } else {
    const builtins::Variable* variable = builtins::find_variable(node.name);
    SONDE_CHECK(variable != nullptr);
    emit_variable(f, *variable, node.type, &to);
  }
}

}  // namespace sonde::codegen
