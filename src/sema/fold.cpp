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
    default: return std::nullopt;  // Comparisons are booleans: LLVM folds them.
  }
}

}  // namespace

std::optional<Constant> constant_value(const ast::Expression& expression) {
  if (const auto* literal = ast::as<ast::IntegerLiteral>(&expression)) return of_literal(*literal);
  if (const auto* truth = ast::as<ast::BoolLiteral>(&expression))
    return Constant{truth->value ? 1U : 0U, true};
  if (expression.type == nullptr) return std::nullopt;
  if (const auto* name = ast::as<ast::Identifier>(&expression)) {
    if (!name->type->is(types::TypeKind::Enum)) return std::nullopt;
    return Constant{name->constant, name->type->is_signed()};
  }
  if (const auto* cast = ast::as<ast::Cast>(&expression)) {
    if (!cast->type->is_integer()) return std::nullopt;
    const std::optional<Constant> inner = constant_value(*cast->value);
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
