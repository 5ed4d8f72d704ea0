#include "sema/fold.h"

#include <fmt/format.h>

namespace sonde::sema {
namespace {

using ast::BinaryOp;
using ast::UnaryOp;

Constant of_literal(const ast::IntegerLiteral& literal) {
  return {literal.value,
          is_negative(literal) || literal.value <= static_cast<std::uint64_t>(INT64_MAX)};
}

// `bits` cut to the width of `type` and extended again with its sign.
Constant cut(std::uint64_t bits, const Type* type) {
  const std::uint32_t unused = 64 - type->bits();
  const std::uint64_t shifted = bits << unused;
  if (!type->is_signed()) return {shifted >> unused, false};
  return {static_cast<std::uint64_t>(static_cast<std::int64_t>(shifted) >> unused), true};
}

std::optional<Constant> divide(BinaryOp op, const Constant& a, const Constant& b, bool is_signed) {
  if (b.bits == 0) return std::nullopt;
  const bool remainder = op == BinaryOp::Modulo;
  if (!is_signed) return Constant{remainder ? a.bits % b.bits : a.bits / b.bits, false};
  // INT64_MIN / -1 overflows; BPF gives INT64_MIN and the remainder 0.
  if (b.value() == -1) return Constant{remainder ? 0 : 0 - a.bits, true};
  return Constant{
      static_cast<std::uint64_t>(remainder ? a.value() % b.value() : a.value() / b.value()), true};
}

std::optional<Constant> shift(BinaryOp op, const Constant& a, const Constant& b) {
  if (b.bits > 63) return std::nullopt;
  if (op == BinaryOp::ShiftLeft) return Constant{a.bits << b.bits, a.is_signed};
  if (a.is_signed) return Constant{static_cast<std::uint64_t>(a.value() >> b.bits), true};
  return Constant{a.bits >> b.bits, false};
}

template <class T>
bool compare(BinaryOp op, const T& a, const T& b) {
  switch (op) {
    case BinaryOp::Equal: return a == b;
    case BinaryOp::NotEqual: return a != b;
    case BinaryOp::Less: return a < b;
    case BinaryOp::LessEqual: return a <= b;
    case BinaryOp::Greater: return a > b;
    default: return a >= b;
  }
}

// As the generated code compares: without sign if one of the types is uint64.
bool compare_numbers(BinaryOp op, const Constant& a, const Constant& b, bool is_signed) {
  return is_signed ? compare(op, a.value(), b.value()) : compare(op, a.bits, b.bits);
}

std::optional<Constant> truth(std::optional<bool> value) {
  if (!value) return std::nullopt;
  return Constant{*value ? 1U : 0U, false};
}

// What the left side decides alone needs no right one.
std::optional<bool> logical(const ast::Binary& node) {
  const std::optional<bool> left = known_truth(*node.left);
  const bool is_and = node.op == BinaryOp::LogicalAnd;
  if (!left || *left != is_and) return left;
  return known_truth(*node.right);
}

std::optional<Constant> compute(BinaryOp op, const Constant& a, const Constant& b) {
  const bool is_signed = a.is_signed && b.is_signed;
  switch (op) {
    case BinaryOp::Add: return Constant{a.bits + b.bits, is_signed};
    case BinaryOp::Subtract: return Constant{a.bits - b.bits, is_signed};
    case BinaryOp::Multiply: return Constant{a.bits * b.bits, is_signed};
    case BinaryOp::Divide:
    case BinaryOp::Modulo: return divide(op, a, b, is_signed);
    case BinaryOp::BitAnd: return Constant{a.bits & b.bits, is_signed};
    case BinaryOp::BitOr: return Constant{a.bits | b.bits, is_signed};
    case BinaryOp::BitXor: return Constant{a.bits ^ b.bits, is_signed};
    case BinaryOp::ShiftLeft:
    case BinaryOp::ShiftRight: return shift(op, a, b);
    default: return std::nullopt;  // Comparisons are booleans.
  }
}

bool is_wide_unsigned(const Type* type) {
  return type != nullptr && type->size() == 8 && !type->is_signed();
}

std::optional<Constant> binary_value(const ast::Binary& node) {
  if (node.op == BinaryOp::LogicalAnd || node.op == BinaryOp::LogicalOr)
    return truth(logical(node));
  const auto* left_text = ast::as<ast::StringLiteral>(node.left);
  const auto* right_text = ast::as<ast::StringLiteral>(node.right);
  if (left_text != nullptr && right_text != nullptr && is_comparison(node.op))
    return truth(compare(node.op, left_text->value, right_text->value));
  std::optional<Constant> left = constant_value(*node.left);
  std::optional<Constant> right = constant_value(*node.right);
  if (!left || !right) return std::nullopt;
  if (is_comparison(node.op)) {
    const bool is_signed =
        !is_wide_unsigned(node.left->type) && !is_wide_unsigned(node.right->type);
    return truth(compare_numbers(node.op, *left, *right, is_signed));
  }
  if (node.type == nullptr || !node.type->is_integer()) return std::nullopt;
  if (node.op != BinaryOp::ShiftRight) left->is_signed = node.type->is_signed();
  right->is_signed = node.type->is_signed();
  std::optional<Constant> result = compute(node.op, *left, *right);
  if (result) result->is_signed = node.type->is_signed();
  return result;
}

std::optional<Constant> unary_value(const ast::Unary& node) {
  const std::optional<Constant> operand = constant_value(*node.operand);
  if (!operand) return std::nullopt;
  switch (node.op) {
    case UnaryOp::LogicalNot: return truth(operand->bits == 0);
    case UnaryOp::Minus: return Constant{0 - operand->bits, true};
    case UnaryOp::BitNot: return Constant{~operand->bits, node.type->is_signed()};
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<bool> known_truth(const ast::Expression& expression) {
  const std::optional<Constant> value = constant_value(expression);
  if (!value) return std::nullopt;
  return value->bits != 0;
}

std::optional<Constant> constant_value(const ast::Expression& expression) {
  if (const auto* literal = ast::as<ast::IntegerLiteral>(&expression)) return of_literal(*literal);
  if (const auto* truth = ast::as<ast::BoolLiteral>(&expression))
    return Constant{truth->value ? 1U : 0U, true};
  if (const auto* call = ast::as<ast::Call>(&expression)) return truth(call->decided);
  if (const auto* size = ast::as<ast::SizeOf>(&expression)) {
    if (!size->bytes) return std::nullopt;
    return Constant{*size->bytes, true};
  }
  // The left side of `&&` may be enough: the right one has no type then.
  if (const auto* binary = ast::as<ast::Binary>(&expression)) return binary_value(*binary);
  if (expression.type == nullptr) return std::nullopt;
  if (const auto* unary = ast::as<ast::Unary>(&expression)) return unary_value(*unary);
  if (const auto* name = ast::as<ast::Identifier>(&expression)) {
    if (!name->type->is(types::TypeKind::Enum)) return std::nullopt;
    return Constant{name->constant, name->type->is_signed()};
  }
  if (const auto* cast = ast::as<ast::Cast>(&expression)) {
    if (!cast->type->is_integral()) return std::nullopt;
    const std::optional<Constant> inner = constant_value(*cast->value);
    if (inner && cast->type->is(types::TypeKind::Bool)) return truth(inner->bits != 0);
    if (inner) return cut(inner->bits, cast->type);
  }
  return std::nullopt;
}

ast::IntegerLiteral* make_literal(Session& session, const ast::Expression& old,
                                  const Constant& value) {
  std::string text =
      value.negative() ? fmt::format("{}", value.value()) : fmt::format("{}", value.bits);
  auto* literal =
      session.program.arena->make<ast::IntegerLiteral>(old.location, value.bits, std::move(text));
  literal->type = literal_type(session.types, *literal);
  return literal;
}

ast::IntegerLiteral* fold_unary(Session& session, const ast::Unary& node) {
  const auto* operand = ast::as<ast::IntegerLiteral>(node.operand);
  if (operand == nullptr) return nullptr;
  const Constant value = of_literal(*operand);
  if (node.op == UnaryOp::Minus) return make_literal(session, node, {0 - value.bits, true});
  if (node.op == UnaryOp::BitNot)
    return make_literal(session, node, {~value.bits, value.is_signed});
  return nullptr;
}

ast::IntegerLiteral* fold_binary(Session& session, const ast::Binary& node) {
  const auto* left = ast::as<ast::IntegerLiteral>(node.left);
  const auto* right = ast::as<ast::IntegerLiteral>(node.right);
  if (left == nullptr || right == nullptr) return nullptr;
  const std::optional<Constant> value = compute(node.op, of_literal(*left), of_literal(*right));
  return value ? make_literal(session, node, *value) : nullptr;
}

}  // namespace sonde::sema
