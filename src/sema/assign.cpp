// Assignments: what variables and maps are given, and so what they hold.
#include <string>

#include "sema/checker.h"
#include "sema/fold.h"

namespace sonde::sema {
namespace {

bool is_null_pointer(const ast::Expression& value, const Type* held) {
  const auto* literal = ast::as<ast::IntegerLiteral>(&value);
  return literal != nullptr && literal->value == 0 && held != nullptr && held->is_pointer();
}

std::string literal_text(const ast::IntegerLiteral& literal) {
  return literal.text.empty() ? fmt::format("{}", literal.value) : literal.text;
}

}  // namespace

void Checker::assign_variable(ast::Assignment& node, ast::ScratchVariable& target) {
  const Type* type = copied(node.value);
  if (!node.compound) {
    if (type == nullptr) return;
    set_variable(target, given(*node.value), *node.value);
    note_origin(session_.variables[target.variable].origin, *node.value);
    return;
  }
  const Type* old = place(node.target);
  if (old == nullptr && session_.guessing) old = target.type = session_.types.int64();
  if (old == nullptr || type == nullptr) return;
  type = operator_result(node.operation, node.operator_location, *node.target, *node.value);
  if (type == nullptr) return;
  const Type* natural_type = natural_result(node.operation, target, *node.value);
  if (session_.variables[target.variable].declared != nullptr && type->is_integer()) {
    // `$x += 1` on a uint8 is cut as `$x++` is; but not what is wider by itself.
    const Type* amount = natural(*node.value);
    natural_type = amount->size() <= old->size() ? old : amount;
  }
  set_variable(target, {natural_type, type}, *node.value);
}

// `let $x: TYPE` holds this type and no other.
void Checker::set_declared(ast::ScratchVariable& target, const Given& type,
                           ast::Expression& value) {
  ast::Variable& variable = *target.variable;
  const Type* declared = session_.variables[&variable].declared;
  if (declared == nullptr) return;
  const auto* literal = ast::as<ast::IntegerLiteral>(&value);
  if (literal != nullptr && declared->is_integer() && !literal_fits(*literal, declared)) {
    session_.emit(kinds::IntegerOverflow, value.location, literal_text(*literal), declared->name());
  } else if (literal == nullptr || !declared->is_integer()) {
    if (!is_null_pointer(value, declared) &&
        !fits_declared(session_.types, declared, type.natural)) {
      const bool integers = declared->is_integral() && type.exact->is_integral();
      session_
          .emit(kinds::AssignmentType, value.location, variable.name, type.exact->name(),
                declared->name())
          .note(variable.declared, fmt::format("'{}' here", declared->name()))
          .hint(integers ? fmt::format("cast it: ({})...", declared->name()) : "");
      return;
    }
  }
  if (variable.type != declared) {
    variable.type = declared;
    session_.changed = true;
  }
  target.type = declared;
  adapt(value, declared);
}

void Checker::set_variable(ast::ScratchVariable& target, const Given& type,
                           ast::Expression& value) {
  ast::Variable* variable = target.variable;
  if (variable == nullptr) return;
  VariableFacts& facts = session_.variables[variable];
  if (facts.is_declared) return set_declared(target, type, value);
  const bool null_pointer = is_null_pointer(value, variable->type);
  // What a pointer was taken of has grown since the last pass.
  const bool is_anew = type.exact->is_pointer() && facts.assigned_at == value.location &&
                       facts.given.exact != type.exact;
  if (is_anew) facts.given = {};
  if (!null_pointer && !give(session_.types, facts.given, type, &join)) {
    session_
        .emit(kinds::AssignmentType, value.location, variable->name, type.exact->name(),
              variable->type->name())
        .note(facts.assigned_at, fmt::format("'{}' here", variable->type->name()))
        .hint(conflict_hint(type.exact, variable->type));
    return;
  }
  const Type* held = null_pointer ? variable->type : held_type(session_.types, facts.given);
  if (held != variable->type) {
    variable->type = held;
    facts.assigned_at = value.location;
    session_.changed = true;
  }
  target.type = held;
  adapt(value, held);
}

bool Checker::give_variable(ast::ScratchVariable& target, const Type* type) {
  ast::Variable* variable = target.variable;
  if (variable == nullptr) return false;
  VariableFacts& facts = session_.variables[variable];
  const bool fits = facts.declared != nullptr
                        ? fits_declared(session_.types, facts.declared, type)
                        : give(session_.types, facts.given, {type, type}, &join);
  if (!fits) {
    const Type* held = facts.declared != nullptr ? facts.declared : variable->type;
    session_.emit(kinds::AssignmentType, target.location, target.name, type->name(), held->name())
        .note(facts.assigned_at.valid() ? facts.assigned_at : variable->declared,
              fmt::format("'{}' here", held->name()))
        .hint(conflict_hint(type, held));
    return false;
  }
  if (!facts.assigned_at.valid()) facts.assigned_at = target.location;
  const Type* held =
      facts.declared != nullptr ? facts.declared : held_type(session_.types, facts.given);
  if (held != variable->type) {
    variable->type = held;
    session_.changed = true;
  }
  target.type = held;
  return true;
}

void Checker::assign_map(ast::Assignment& node, ast::MapAccess& target) {
  const Type* type = node.compound ? copied(node.value) : aggregation(node.value);
  MapFacts* map = element(target);
  if (map == nullptr) {
    session_.maps.get(target.name, target.location).written = true;
    return;
  }
  Given added = type != nullptr ? given(*node.value) : Given{};
  if (node.compound && type != nullptr &&
      (map->value == nullptr || !map->value->is_aggregation())) {
    // A map that nothing else writes holds integers: `@x += 1`.
    target.type = map->value != nullptr ? map->value : session_.types.int64();
    added.exact = operator_result(node.operation, node.operator_location, target, *node.value);
    added.natural = natural_result(node.operation, target, *node.value);
  }
  if (is_null_pointer(*node.value, map->value)) {
    map->written = true;
  } else {
    write(*map, added, node.value->location);
  }
  note_origin(map->origin, *node.value);
  target.type = map->value;
  if (type != nullptr && map->value != nullptr) adapt(*node.value, map->value);
}

}  // namespace sonde::sema
