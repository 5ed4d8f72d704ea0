#include "sema/adapt.h"

namespace sonde::sema {

void adapt(types::Context& types, ast::Expression& node, const Type* target) {
  if (const auto* literal = ast::as<ast::IntegerLiteral>(&node)) {
    if (literal_fits(*literal, target)) node.type = target;
    return;
  }
  auto* tuple = ast::as<ast::Tuple>(&node);
  if (tuple == nullptr || !target->is_tuple() ||
      tuple->elements.size() != target->elements().size())
    return;
  // Only if the target holds what the literal has: else the two are not the same kind of tuple.
  if (node.type == nullptr || join_key(types, target, node.type) != target) return;
  for (std::size_t i = 0; i < tuple->elements.size(); ++i)
    adapt(types, *tuple->elements[i], target->elements()[i]);
  node.type = target;
}

}  // namespace sonde::sema
