// Unary and binary operators.
#include <string>

#include "sema/checker.h"
#include "sema/fold.h"

namespace sonde::sema {
namespace {

using ast::BinaryOp;
using ast::UnaryOp;
using types::TypeKind;

bool is_logical(BinaryOp op) { return op == BinaryOp::LogicalAnd || op == BinaryOp::LogicalOr; }
bool is_equality(BinaryOp op) { return op == BinaryOp::Equal || op == BinaryOp::NotEqual; }
bool is_comparison(BinaryOp op) { return op >= BinaryOp::Equal && op <= BinaryOp::GreaterEqual; }
bool is_number(const Type* type) { return type->is_integral() || type->is_pointer(); }

// A literal operand takes the type of the other one.
void adapt_literals(Checker& checker, ast::Expression& left, ast::Expression& right) {
  if (left.kind == ast::NodeKind::IntegerLiteral) {
    checker.adapt(left, right.type);
  } else {
    checker.adapt(right, left.type);
  }
}

// True if values of `type` below zero turn into large ones when compared as `common`.
bool loses_sign(types::Context& types, const ast::Expression& operand, const Type* common) {
  return !common->is_signed() && as_integer(types, operand.type)->is_signed() &&
         operand.kind != ast::NodeKind::IntegerLiteral && !operand.type->is(TypeKind::Bool) &&
         !operand.type->is(TypeKind::Enum);
}

}  // namespace

const Type* Checker::bad_operands(BinaryOp op, const Location& where, const Type* left,
                                  const Type* right) {
  diag::Builder report = session_.emit(kinds::OperandTypes, where, std::string(ast::spelling(op)),
                                       left->name(), right->name());
  const bool with_string = left->is_string() || right->is_string();
  const bool with_pointer = left->is_pointer() || right->is_pointer();
  if (with_string && (left->is_pointer() || right->is_pointer())) {
    report.hint("str() reads the string that a pointer points to");
  } else if (left->is_string() && right->is_string() && is_comparison(op)) {
    report.hint("strings can be compared with == and != only");
  } else if (with_pointer) {
    report.hint("cast the pointer to (uint64) to calculate with its address");
  }
  return nullptr;
}

const Type* Checker::check(ast::Binary& node, ast::Expression*& slot) {
  if (is_logical(node.op)) {
    condition(node.left);
    condition(node.right);
    return session_.types.bool_type();
  }
  const Type* left = value(node.left);
  const Type* right = value(node.right);
  if (left == nullptr || right == nullptr)
    return is_comparison(node.op) ? session_.types.bool_type() : nullptr;
  if (is_comparison(node.op)) return comparison(node, left, right);
  if (ast::IntegerLiteral* folded = fold_binary(session_, node)) {
    slot = folded;
    return folded->type;
  }
  return operator_result(node.op, node.op_location, *node.left, *node.right);
}

const Type* Checker::comparison(ast::Binary& node, const Type* left, const Type* right) {
  const Type* result = session_.types.bool_type();
  if (left->is_integral() && right->is_integral()) {
    adapt_literals(*this, *node.left, *node.right);
    const Type* common = common_integer(session_.types, node.left->type, node.right->type);
    if (is_equality(node.op)) return result;
    for (const auto& [operand, other] :
         {std::pair{node.left, node.right}, std::pair{node.right, node.left}}) {
      if (!loses_sign(session_.types, *operand, common)) continue;
      session_.emit(kinds::SignedComparison, node.location, operand->type->name(),
                    other->type->name());
    }
    return result;
  }
  if (is_number(left) && is_number(right)) {
    if (left->is_pointer()) adapt(*node.right, session_.types.uint64());
    if (right->is_pointer()) adapt(*node.left, session_.types.uint64());
    return result;
  }
  if (!is_equality(node.op)) return bad_operands(node.op, node.op_location, left, right);
  if (left->is_string() && right->is_string()) return result;
  if (left->is_tuple() && right->is_tuple()) {
    adapt(*node.left, right);
    adapt(*node.right, node.left->type);
    if (node.left->type == node.right->type) return result;
  }
  return bad_operands(node.op, node.op_location, left, right);
}

// Arithmetic and bit operators, also those of compound assignments.
const Type* Checker::operator_result(BinaryOp op, const Location& where, ast::Expression& left,
                                     ast::Expression& right) {
  const bool additive = op == BinaryOp::Add || op == BinaryOp::Subtract;
  if (left.type->is_pointer() && right.type->is_integral() && additive) return left.type;
  if (right.type->is_pointer() && left.type->is_integral() && op == BinaryOp::Add)
    return right.type;
  if (!left.type->is_integral() || !right.type->is_integral()) {
    return bad_operands(op, where, left.type, right.type);
  }
  if (op == BinaryOp::Divide || op == BinaryOp::Modulo) {
    const std::optional<Constant> divisor = constant_value(right);
    if (divisor && divisor->bits == 0) {
      session_.emit(kinds::DivisionByZero, right.location);
      return nullptr;
    }
  }
  if (op == BinaryOp::ShiftLeft || op == BinaryOp::ShiftRight) {
    return session_.types.integer(64, as_integer(session_.types, left.type)->is_signed());
  }
  adapt_literals(*this, left, right);
  return arithmetic_type(session_.types, left.type, right.type);
}

const Type* Checker::check(ast::Unary& node, ast::Expression*& slot) {
  switch (node.op) {
    case UnaryOp::Dereference: return dereference(node);
    case UnaryOp::AddressOf: return address_of(node);
    case UnaryOp::PreIncrement:
    case UnaryOp::PreDecrement:
    case UnaryOp::PostIncrement:
    case UnaryOp::PostDecrement: return step(node);
    case UnaryOp::LogicalNot: condition(node.operand); return session_.types.bool_type();
    case UnaryOp::Minus:
    case UnaryOp::BitNot: break;
  }
  const Type* type = value(node.operand);
  if (type == nullptr) return nullptr;
  if (!type->is_integral()) {
    session_.emit(kinds::OperandType, node.location, std::string(ast::spelling(node.op)),
                  type->name());
    return nullptr;
  }
  if (ast::IntegerLiteral* folded = fold_unary(session_, node)) {
    slot = folded;
    return folded->type;
  }
  const bool is_signed = node.op == UnaryOp::Minus || as_integer(session_.types, type)->is_signed();
  return session_.types.integer(64, is_signed);
}

const Type* Checker::dereference(ast::Unary& node) {
  const Type* type = value(node.operand);
  if (type == nullptr) return nullptr;
  if (type->is_pointer() && !type->element()->is_void()) {
    return read_from(type->address_space(), type->element());
  }
  diag::Builder report = session_.emit(kinds::NotAPointer, node.location, type->name());
  if (type->is_pointer() || type->is_integer())
    report.hint("cast it to the type that it points to, e.g. *(uint64 *)...");
  return nullptr;
}

// Only of what lies in traced memory: maps and variables have no address that a script could use.
const Type* Checker::address_of(ast::Unary& node) {
  const ast::NodeKind kind = node.operand->kind;
  if (kind == ast::NodeKind::ScratchVariable || kind == ast::NodeKind::MapAccess) {
    session_.emit(kinds::UnsupportedFeature, node.location, "the address of a map or variable");
    return nullptr;
  }
  const Type* type = place(node.operand);
  if (type == nullptr) return nullptr;
  const auto* dereferenced = ast::as<ast::Unary>(node.operand);
  const bool in_memory = kind == ast::NodeKind::Member || kind == ast::NodeKind::Index ||
                         (dereferenced != nullptr && dereferenced->op == UnaryOp::Dereference);
  if (!in_memory) {
    session_.emit(kinds::OperandType, node.location, "&", type->name());
    return nullptr;
  }
  if (type->is_scalar()) {
    // A scalar is a value as soon as it is named; only structs and arrays are places.
    session_
        .emit(kinds::UnsupportedFeature, node.location,
              fmt::format("the address of a '{}'", type->name()))
        .hint("add the field's offset to the address of its struct, see offsetof()");
    return nullptr;
  }
  return session_.types.pointer(type, space_of(*node.operand));
}

// ++ and --: on variables and maps that hold integers or pointers. A map that holds nothing yet counts from 0.
const Type* Checker::step(ast::Unary& node) {
  const auto report = [&](const Type* type) {
    session_.emit(kinds::OperandType, node.location, std::string(ast::spelling(node.op)),
                  type->name());
    return nullptr;
  };
  if (auto* access = ast::as<ast::MapAccess>(node.operand)) {
    MapFacts* map = element(*access);
    if (map == nullptr) return nullptr;
    const bool pointer = map->value != nullptr && map->value->is_pointer();
    if (!pointer) write(*map, session_.types.int64(), access->location);
    access->type = map->value;
    if (map->value == nullptr || map->value->is_aggregation()) return nullptr;  // write() told it.
    return is_number(map->value) ? map->value : nullptr;
  }
  if (node.operand->kind != ast::NodeKind::ScratchVariable) {
    session_.emit(kinds::NotAssignable, node.operand->location)
        .hint(fmt::format("'{}' takes a variable or a map", ast::spelling(node.op)));
    return nullptr;
  }
  const Type* type = value(node.operand);
  if (type == nullptr) return nullptr;
  return type->is_integer() || type->is_pointer() ? type : report(type);
}

}  // namespace sonde::sema
