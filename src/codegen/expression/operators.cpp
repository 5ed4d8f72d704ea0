#include <algorithm>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/arithmetic.h"
#include "codegen/compare.h"
#include "codegen/convert.h"
#include "codegen/expression.h"
#include "codegen/map_ops.h"

namespace sonde::codegen {
namespace {

using ast::BinaryOp;
using ast::UnaryOp;

// One side of an operation, in its width.
IrValue operand(Function& f, const Value& value, const Operation& how) {
  if (value.is_scalar()) return f.ir.resize(value.scalar, how.bits, value.type->is_signed());
  return f.ir.resize(to_number(f, value), how.bits, value.type->is_signed());
}

bool is_comparison(BinaryOp op) { return op >= BinaryOp::Equal && op <= BinaryOp::GreaterEqual; }

// The right side is evaluated only if the left one does not decide.
Value emit_logical(Function& f, ast::Binary& node) {
  const bool is_and = node.op == BinaryOp::LogicalAnd;
  const IrValue left = emit_condition(f, *node.left);
  const IrBlock right_block = f.ir.block();
  const IrBlock done = f.ir.block();
  const IrBlock from = f.ir.current();
  f.ir.branch(left, is_and ? right_block : done, is_and ? done : right_block);
  f.ir.enter(right_block);
  const IrValue right = emit_condition(f, *node.right);
  const IrBlock right_end = f.ir.current();
  f.ir.jump(done);
  f.ir.enter(done);
  const IrValue result = f.ir.phi(f.ir.boolean(!is_and), from, right, right_end);
  return scalar_value(node.type, f.ir.resize(result, register_bits(*node.type), false));
}

// Tuples, arrays, buffers and the like are equal if their bytes are.
IrValue values_equal(Function& f, ast::Expression& left, ast::Expression& right) {
  const types::Type* type = left.type;
  const Memory a = f.temporary(*type);
  emit_into(f, left, {a, type, Fill::Zero});
  const Memory b = f.temporary(*type);
  emit_into(f, right, {b, type, Fill::Zero});
  return bytes_equal(f, a, b, type->size());
}

Value emit_comparison(Function& f, ast::Binary& node) {
  const types::Type& left = *node.left->type;
  const types::Type& right = *node.right->type;
  IrValue result = nullptr;
  const bool is_memory =
      !left.is_scalar() && !right.is_scalar() && !left.is_aggregation() && !right.is_aggregation();
  if (is_memory) {
    const IrValue equal = left.is_string() && right.is_string()
                              ? strings_equal(f, *node.left, *node.right, 0)
                              : values_equal(f, *node.left, *node.right);
    result = node.op == BinaryOp::Equal ? equal : f.ir.logical_not(equal);
  } else {
    const Operation how = common_operation(left, right);
    const Value a = emit(f, *node.left);
    const Value b = emit(f, *node.right);
    const At at(f, node.op_location);
    const IrValue x = operand(f, a, how);
    const IrValue y = operand(f, b, how);
    result = comparison(f.ir, node.op, x, y, how.is_signed);
  }
  return scalar_value(node.type, f.ir.resize(result, register_bits(*node.type), false));
}

// A pointer and a number: in units of what the pointer points to.
Value emit_pointer_arithmetic(Function& f, ast::Binary& node) {
  const types::Type& left = *node.left->type;
  const types::Type* pointer = left.is_pointer() ? node.left->type : node.right->type;
  const types::Type* pointee = pointer->element();
  const std::uint64_t unit = pointee->is_void() ? 1 : std::max(1U, pointee->size());
  const auto in_bytes = [&](ast::Expression& side) {
    const Value value = emit(f, side);
    const IrValue number = operand(f, value, {64, true});
    return side.type->is_pointer() ? number : f.ir.binary(Op::Mul, number, f.ir.i64(unit));
  };
  const IrValue a = in_bytes(*node.left);
  const IrValue b = in_bytes(*node.right);
  const At at(f, node.op_location);
  return scalar_value(node.type, arithmetic(f.ir, node.op, a, b, false));
}

Value emit_increment(Function& f, ast::Unary& node, bool is_wanted) {
  const bool is_post = node.op == UnaryOp::PostIncrement || node.op == UnaryOp::PostDecrement;
  const bool is_up = node.op == UnaryOp::PreIncrement || node.op == UnaryOp::PostIncrement;
  const types::Type* operand_type = node.operand->type;
  const std::int64_t unit =
      operand_type->is_pointer() ? std::max(1U, operand_type->element()->size()) : 1;
  const std::int64_t amount = is_up ? unit : -unit;
  IrValue before = nullptr;
  if (auto* access = ast::as<ast::MapAccess>(node.operand)) {
    before = increment_map(f, *access, amount, is_wanted);
  } else {
    auto* variable = ast::as<ast::ScratchVariable>(node.operand);
    SONDE_CHECK(variable != nullptr);
    operand_type = variable->variable->type;
    const Memory memory = f.variable(*variable->variable);
    before = f.ir.load(operand_type->size() * 8, memory.pointer, memory.align);
    f.ir.store(f.ir.add(before, static_cast<std::uint64_t>(amount)), memory.pointer, memory.align);
  }
  if (!is_wanted)
    return Value{.type = node.type, .scalar = nullptr, .place = {}, .is_trusted = false};
  const IrValue value = is_post ? before : f.ir.add(before, static_cast<std::uint64_t>(amount));
  return scalar_value(node.type,
                      f.ir.resize(value, register_bits(*node.type), operand_type->is_signed()));
}

}  // namespace

Value emit_node(Function& f, ast::Binary& node) {
  if (node.op == BinaryOp::LogicalAnd || node.op == BinaryOp::LogicalOr)
    return emit_logical(f, node);
  if (is_comparison(node.op)) return emit_comparison(f, node);
  if (node.type->is_pointer()) return emit_pointer_arithmetic(f, node);
  const types::Type& type = *node.type;
  const Operation how{register_bits(type), type.is_signed()};
  const Value a = emit(f, *node.left);
  const Value b = emit(f, *node.right);
  const At at(f, node.op_location);
  const IrValue x = operand(f, a, how);
  const IrValue y = operand(f, b, how);
  // The sign of a right shift is that of what is shifted.
  const bool is_shift = node.op == BinaryOp::ShiftRight;
  const bool is_signed = is_shift ? node.left->type->is_signed() : type.is_signed();
  return scalar_value(node.type, arithmetic(f.ir, node.op, x, y, is_signed));
}

void emit_effect(Function& f, ast::Expression& expression) {
  auto* unary = ast::as<ast::Unary>(&expression);
  if (unary != nullptr && unary->op >= UnaryOp::PreIncrement) {
    const At at(f, expression.location);
    emit_increment(f, *unary, false);
  } else {
    static_cast<void>(emit(f, expression));
  }
}

Value emit_node(Function& f, ast::Unary& node) {
  const types::Type& type = *node.type;
  switch (node.op) {
    case UnaryOp::Minus: {
      const IrValue value = emit_scalar(f, *node.operand, type);
      return scalar_value(node.type,
                          f.ir.binary(Op::Sub, f.ir.integer(register_bits(type), 0), value));
    }
    case UnaryOp::BitNot: {
      const IrValue value = emit_scalar(f, *node.operand, type);
      return scalar_value(node.type,
                          f.ir.binary(Op::Xor, value, f.ir.integer(register_bits(type), ~0ULL)));
    }
    case UnaryOp::LogicalNot: {
      const IrValue result = f.ir.logical_not(emit_condition(f, *node.operand));
      return scalar_value(node.type, f.ir.resize(result, register_bits(type), false));
    }
    case UnaryOp::Dereference: {
      const Value pointer = emit(f, *node.operand);
      return load(f, dereference(f, pointer, node.type));
    }
    case UnaryOp::AddressOf: return emit_address_of(f, node);
    case UnaryOp::PreIncrement:
    case UnaryOp::PreDecrement:
    case UnaryOp::PostIncrement:
    case UnaryOp::PostDecrement: return emit_increment(f, node, true);
  }
  SONDE_UNREACHABLE();
}

}  // namespace sonde::codegen
