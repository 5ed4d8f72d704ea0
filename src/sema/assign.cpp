// Assignments: what variables and maps are given, and so what they hold.
#include <string>

#include "sema/adapt.h"
#include "sema/address_space.h"
#include "sema/checker.h"
#include "sema/fold.h"
#include "sema/map_types.h"
#include "sema/natural.h"
#include "sema/operator_rules.h"
#include "sema/variable_types.h"

namespace sonde::sema {
void Checker::assign_variable(ast::Assignment& node, ast::ScratchVariable& target) {
  if (target.variable != nullptr) session_.variables[target.variable].is_set = true;
  const Type* type = copied(node.value);
  if (!node.compound) {
    if (type == nullptr) return;
    set_variable(session_, target, given(session_, *node.value), *node.value);
    note_origin(session_, probe_, session_.variables[target.variable].origin, *node.value);
    return;
  }
  const Type* old = place(node.target);
  if (old == nullptr && session_.guessing) old = target.type = session_.types.int64();
  if (old == nullptr || type == nullptr) return;
  type =
      operator_result(session_, node.operation, node.operator_location, *node.target, *node.value);
  if (type == nullptr) return;
  const Type* natural_type = natural_result(session_, node.operation, target, *node.value);
  if (session_.variables[target.variable].declared != nullptr && type->is_integer()) {
    // `$x += 1` on a uint8 is cut as `$x++` is; but not what is wider by itself.
    const Type* amount = natural(session_, *node.value);
    natural_type = amount->size() <= old->size() ? old : amount;
  }
  set_variable(session_, target, {natural_type, type}, *node.value);
}

void Checker::assign_map(ast::Assignment& node, ast::MapAccess& target) {
  const Type* type = node.compound ? copied(node.value) : aggregation(node.value);
  MapFacts* map = element(target);
  if (map == nullptr) {
    session_.maps.get(target.name, target.location).written = true;
    return;
  }
  Given added = type != nullptr ? given(session_, *node.value) : Given{};
  if (node.compound && type != nullptr &&
      (map->value == nullptr || !map->value->is_aggregation())) {
    // A map that nothing else writes holds integers: `@x += 1`.
    target.type = map->value != nullptr ? map->value : session_.types.int64();
    added.exact =
        operator_result(session_, node.operation, node.operator_location, target, *node.value);
    added.natural = natural_result(session_, node.operation, target, *node.value);
  }
  if (is_null_pointer(*node.value, map->value)) {
    map->written = true;
  } else {
    write(session_, *map, added, node.value->location);
  }
  note_origin(session_, probe_, map->origin, *node.value);
  target.type = map->value;
  if (type != nullptr && map->value != nullptr) adapt(session_.types, *node.value, map->value);
}

}  // namespace sonde::sema
