// Positional parameters: numbers or strings, as they read and as their neighbours want them.
#include <string>
#include <string_view>

#include "base/text.h"
#include "sema/checker.h"
#include "sema/fold.h"
#include "sema/parameters.h"

namespace sonde::sema {

// A number if the argument reads as one (or is missing), else a string; str($1) makes it a string in any case.
const Type* Checker::check(ast::PositionalParameter& node, ast::Expression*& slot) {
  const bool negative = node.text.starts_with('-');
  const auto number = parse_u64(std::string_view(node.text).substr(negative ? 1 : 0));
  if (!node.text.empty() && !number) {
    slot = session_.program.arena->make<ast::StringLiteral>(node.location, node.text);
    return place(slot);
  }
  const std::uint64_t value = number.value_or(0);
  slot = make_literal(session_, node, {negative ? 0 - value : value, negative});
  return slot->type;
}

void take_text(Session& session, ast::Expression*& slot) {
  if (const auto* parameter = ast::as<ast::PositionalParameter>(slot))
    slot = session.program.arena->make<ast::StringLiteral>(slot->location, parameter->text);
}

bool Checker::take_parameter_text(ast::Expression*& slot) {
  take_text(session_, slot);
  auto* sum = ast::as<ast::Binary>(slot);
  if (sum == nullptr || sum->op != ast::BinaryOp::Add) return true;
  const auto* parameter = ast::as<ast::PositionalParameter>(sum->left);
  if (parameter == nullptr) return true;
  if (value(sum->right) == nullptr) return false;
  const std::optional<Constant> skipped = constant_value(*sum->right);
  if (!skipped) {
    session_.emit(kinds::ArgumentNotLiteral, sum->right->location, "str", 1,
                  "integer behind the '+'");
    return false;
  }
  if (skipped->negative() || skipped->bits > parameter->text.size()) {
    session_.emit(kinds::ArgumentRange, sum->right->location, "str", 1,
                  fmt::format("${} has {} characters", parameter->index, parameter->text.size()));
    return false;
  }
  slot = session_.program.arena->make<ast::StringLiteral>(slot->location,
                                                          parameter->text.substr(skipped->bits));
  return true;
}

bool Checker::operands(ast::Binary& node) {
  const bool equality = node.op == ast::BinaryOp::Equal || node.op == ast::BinaryOp::NotEqual;
  const bool first_is_parameter = equality && node.left->kind == ast::NodeKind::PositionalParameter;
  // The parameter last: what it is compared with says what it is.
  ast::Expression*& first = first_is_parameter ? node.right : node.left;
  ast::Expression*& second = first_is_parameter ? node.left : node.right;
  // `comm == bash`: the quotes are missing.
  compared_with_text_ = equality && second->kind == ast::NodeKind::StringLiteral ? first : nullptr;
  const Type* type = value(first);
  compared_with_text_ = equality && type != nullptr && type->is_string() ? second : nullptr;
  if (equality && type == nullptr && second->kind == ast::NodeKind::PositionalParameter)
    return false;
  if (equality && type != nullptr && type->is_string()) take_text(session_, second);
  const bool complete = value(second) != nullptr && type != nullptr;
  compared_with_text_ = nullptr;
  return complete;
}

}  // namespace sonde::sema
