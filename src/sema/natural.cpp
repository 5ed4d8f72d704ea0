#include "sema/natural.h"

#include <utility>
#include <vector>

#include "sema/fold.h"

namespace sonde::sema {

using ast::BinaryOp;
using ast::UnaryOp;

const Type* natural_result(const Session& session, BinaryOp op, const ast::Expression& left,
                           const ast::Expression& right) {
  const Type* a = natural(session, left);
  const Type* b = natural(session, right);
  if (a == nullptr || b == nullptr) return a != nullptr ? a : b;
  if (!a->is_integral() || !b->is_integral()) return a->is_pointer() ? a : b;
  return is_shift(op) ? as_integer(session.types, a) : common_integer(session.types, a, b);
}

// What the operands alone make of it. Follows only what can be wider than it looks: arithmetic, and what holds its results.
const Type* natural(const Session& session, const ast::Expression& node) {
  if (const auto* literal = ast::as<ast::IntegerLiteral>(&node)) {
    const Type* own = literal_type(session.types, *literal);
    const bool is_signed = own == session.types.uint64() && node.type == session.types.int64();
    return is_signed ? node.type : own;
  }
  if (const auto* variable = ast::as<ast::ScratchVariable>(&node)) {
    const auto facts = session.variables.find(variable->variable);
    const bool known = facts != session.variables.end() && facts->second.declared == nullptr &&
                       facts->second.given.natural != nullptr;
    return known ? facts->second.given.natural : node.type;
  }
  if (const auto* map = ast::as<ast::MapAccess>(&node)) {
    if (map->map < 0) return node.type;
    const MapFacts& facts = session.maps.all()[static_cast<std::size_t>(map->map)];
    if (facts.value == nullptr) return session.types.integer(8, false);
    return facts.value->is_aggregation() ? node.type : facts.value_given.natural;
  }
  if (const auto* binary = ast::as<ast::Binary>(&node)) {
    if (is_logical(binary->op) || is_comparison(binary->op)) return node.type;
    return natural_result(session, binary->op, *binary->left, *binary->right);
  }
  if (const auto* unary = ast::as<ast::Unary>(&node)) {
    const bool steps = unary->op >= UnaryOp::PreIncrement;
    return steps || unary->op == UnaryOp::BitNot ? natural(session, *unary->operand) : node.type;
  }
  if (const auto* ternary = ast::as<ast::Ternary>(&node)) {
    if (!node.type->is_integer()) return node.type;
    const ast::Expression* then_value =
        ternary->then_value != nullptr ? ternary->then_value : ternary->condition;
    if (const std::optional<bool> known = known_truth(*ternary->condition))
      return natural(session, *known ? *then_value : *ternary->else_value);
    return common_integer(session.types, natural(session, *then_value),
                          natural(session, *ternary->else_value));
  }
  if (const auto* tuple = ast::as<ast::Tuple>(&node)) {
    std::vector<const Type*> elements;
    for (const ast::Expression* element : tuple->elements)
      elements.push_back(natural(session, *element));
    return session.types.tuple(std::move(elements));
  }
  if (const auto* block = ast::as<ast::BlockExpression>(&node))
    return natural(session, *block->value);
  return node.type;
}

Given given(const Session& session, const ast::Expression& node) {
  Given result{natural(session, node), node.type};
  if (result.natural != session.types.uint64()) return result;
  if (const auto* literal = ast::as<ast::IntegerLiteral>(&node)) {
    result.may_be_signed = literal_fits(*literal, session.types.int64());
  } else if (const auto* variable = ast::as<ast::ScratchVariable>(&node)) {
    const auto facts = session.variables.find(variable->variable);
    result.may_be_signed = facts != session.variables.end() && facts->second.given.may_be_signed;
  } else if (const auto* map = ast::as<ast::MapAccess>(&node); map != nullptr && map->map >= 0) {
    result.may_be_signed =
        session.maps.all()[static_cast<std::size_t>(map->map)].value_given.may_be_signed;
  }
  return result;
}

}  // namespace sonde::sema
