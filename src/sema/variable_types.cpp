#include "sema/variable_types.h"

#include <string>

#include "sema/adapt.h"

namespace sonde::sema {

bool is_null_pointer(const ast::Expression& value, const Type* held) {
  const auto* literal = ast::as<ast::IntegerLiteral>(&value);
  return literal != nullptr && literal->value == 0 && held != nullptr && held->is_pointer();
}

namespace {

std::string literal_text(const ast::IntegerLiteral& literal) {
  return literal.text.empty() ? fmt::format("{}", literal.value) : literal.text;
}

// `let $x: TYPE` holds this type and no other.
void set_declared(Session& session, ast::ScratchVariable& target, const Given& type,
                  ast::Expression& value) {
  ast::Variable& variable = *target.variable;
  const Type* declared = session.variables[&variable].declared;
  if (declared == nullptr) return;
  const auto* literal = ast::as<ast::IntegerLiteral>(&value);
  if (literal != nullptr && declared->is_integer() && !literal_fits(*literal, declared)) {
    session.emit(kinds::IntegerOverflow, value.location, literal_text(*literal), declared->name());
  } else if (literal == nullptr || !declared->is_integer()) {
    if (!is_null_pointer(value, declared) &&
        !fits_declared(session.types, declared, type.natural)) {
      const bool integers = declared->is_integral() && type.exact->is_integral();
      session
          .emit(kinds::AssignmentType, value.location, variable.name, type.exact->name(),
                declared->name())
          .note(variable.declared, fmt::format("'{}' here", declared->name()))
          .hint(integers ? fmt::format("cast it: ({})...", declared->name()) : "");
      return;
    }
  }
  if (variable.type != declared) {
    variable.type = declared;
    session.changed = true;
  }
  target.type = declared;
  adapt(session.types, value, declared);
}

}  // namespace

void set_variable(Session& session, ast::ScratchVariable& target, const Given& type,
                  ast::Expression& value) {
  ast::Variable* variable = target.variable;
  if (variable == nullptr) return;
  VariableFacts& facts = session.variables[variable];
  if (facts.is_declared) return set_declared(session, target, type, value);
  const bool null_pointer = is_null_pointer(value, variable->type);
  // What a pointer was taken of has grown since the last pass.
  const bool is_anew = type.exact->is_pointer() && facts.assigned_at == value.location &&
                       facts.given.exact != type.exact;
  if (is_anew) facts.given = {};
  bool fits = null_pointer || give(session.types, facts.given, type, &join);
  if (!fits && facts.assigned_at == value.location) {
    // What this value is made of has another type since the last pass.
    facts.given = {};
    fits = give(session.types, facts.given, type, &join);
  }
  if (!fits) {
    session
        .emit(kinds::AssignmentType, value.location, variable->name, type.exact->name(),
              variable->type->name())
        .note(facts.assigned_at, fmt::format("'{}' here", variable->type->name()))
        .hint(conflict_hint(type.exact, variable->type));
    return;
  }
  const Type* held = null_pointer ? variable->type : held_type(session.types, facts.given);
  if (held != variable->type) {
    variable->type = held;
    facts.assigned_at = value.location;
    session.changed = true;
  }
  target.type = held;
  adapt(session.types, value, held);
}

bool give_variable(Session& session, ast::ScratchVariable& target, const Type* type) {
  ast::Variable* variable = target.variable;
  if (variable == nullptr) return false;
  VariableFacts& facts = session.variables[variable];
  facts.is_set = true;
  const bool fits = facts.declared != nullptr
                        ? fits_declared(session.types, facts.declared, type)
                        : give(session.types, facts.given, {type, type}, &join);
  if (!fits) {
    const Type* held = facts.declared != nullptr ? facts.declared : variable->type;
    session.emit(kinds::AssignmentType, target.location, target.name, type->name(), held->name())
        .note(facts.assigned_at.valid() ? facts.assigned_at : variable->declared,
              fmt::format("'{}' here", held->name()))
        .hint(conflict_hint(type, held));
    return false;
  }
  if (!facts.assigned_at.valid()) facts.assigned_at = target.location;
  const Type* held =
      facts.declared != nullptr ? facts.declared : held_type(session.types, facts.given);
  if (held != variable->type) {
    variable->type = held;
    session.changed = true;
  }
  target.type = held;
  return true;
}

void give_zero(Session& session, ast::Variable& variable) {
  const Type* type = session.types.int64();
  variable.type = type;
  session.variables[&variable].given = {session.types.integer(8, false), type};
  session.changed = true;
}

}  // namespace sonde::sema
