// Expressions but for operators (operators.cpp), access to memory (access.cpp), calls (call.cpp) and maps (maps.cpp).
#include <algorithm>
#include <string>
#include <vector>

#include "ast/visit.h"
#include "base/text.h"
#include "sema/adapt.h"
#include "sema/checker.h"
#include "sema/comptime.h"
#include "sema/fold.h"
#include "sema/map_types.h"
#include "sema/natural.h"
#include "sema/unknown.h"
#include "sema/variable_types.h"

namespace sonde::sema {
namespace {

using types::TypeKind;

// Capacity that a string without a known length gets when it is used as a value: trace event strings, flexible arrays.
constexpr std::uint32_t kUnboundedString = 256;

// In memory an array of char is text; one that a script made by a cast stays what it is.
bool is_text_in_memory(const ast::Expression& node) {
  const auto* unary = ast::as<ast::Unary>(&node);
  return is_char_array(node.type) &&
         (node.kind == ast::NodeKind::Member || node.kind == ast::NodeKind::Index ||
          (unary != nullptr && unary->op == ast::UnaryOp::Dereference));
}

struct Dispatch {
  Checker& checker;
  ast::Expression*& slot;
  template <class NodeType>
  const Type* operator()(NodeType& node) {
    return checker.check(node, slot);
  }
};

std::string call_name(const ast::Expression& node) {
  const auto* call = ast::as<ast::Call>(&node);
  return call != nullptr ? call->name + "()" : "this expression";
}

}  // namespace

bool is_char_array(const Type* type) {
  return type->is(TypeKind::Array) && type->element()->is_integer() &&
         type->element()->bits() == 8 && type->element()->is_signed();
}

const Type* Checker::place(ast::Expression*& slot) {
  const Type* type = ast::visit(*slot, Dispatch{*this, slot});
  slot->type = type;
  return type;
}

const Type* Checker::used(ast::Expression*& slot) {
  const Type* type = slot->type;
  if (type == nullptr) return nullptr;
  if (type->is_void()) {
    session_.emit(kinds::CallHasNoValue, slot->location, call_name(*slot))
        .hint("it is a statement of its own");
    return slot->type = nullptr;
  }
  if (is_text_in_memory(*slot)) {
    const std::uint32_t longest = std::min(session_.options.settings.max_strlen, kUnboundedString);
    slot->type = type->count() > 0 ? session_.types.string(type->count())
                                   : session_.types.string(longest, true);
  }
  return slot->type;
}

const Type* Checker::used_copy(ast::Expression*& slot) {
  const Type* type = used(slot);
  if (type == nullptr || !type->is_record()) return type;
  if (type->record()->complete() && type->size() > 0) {
    if (type->size() <= plan::kMaxTemporary) return type;
    session_.emit(kinds::TypeTooLarge, slot->location, fmt::format("a '{}'", type->name()),
                  type->size(), plan::kMaxTemporary);
    return slot->type = nullptr;
  }
  session_.emit(kinds::UnknownType, slot->location, type->name())
      .hint("it is declared, but its definition is not known");
  return slot->type = nullptr;
}

const Type* Checker::value(ast::Expression*& slot) {
  place(slot);
  return used(slot);
}

const Type* Checker::copied(ast::Expression*& slot) {
  place(slot);
  return used_copy(slot);
}

bool Checker::condition(ast::Expression*& slot) {
  const Type* type = value(slot);
  if (type == nullptr || type->is_integral() || type->is_pointer()) return true;
  diag::Builder report = session_.emit(kinds::ConditionType, slot->location, type->name());
  if (slot->kind == ast::NodeKind::StringLiteral) {
    report.hint("each side of '&&' and '||' is a condition of its own: a == \"x\" || a == \"y\"");
  } else if (type->is_string()) {
    report.hint("compare it: ... != \"\"");
  }
  return false;
}

const Type* Checker::check(ast::IntegerLiteral& node, ast::Expression*&) {
  if (!node.fraction.empty()) {
    session_.emit(kinds::InvalidInteger, node.location, node.text, "it has a fraction")
        .hint("there are whole numbers only: multiply before you divide");
    return nullptr;
  }
  return literal_type(session_.types, node);
}

const Type* Checker::check(ast::BoolLiteral&, ast::Expression*&) {
  return session_.types.bool_type();
}

const Type* Checker::check(ast::StringLiteral& node, ast::Expression*&) {
  return session_.types.string(static_cast<std::uint32_t>(node.value.size()) + 1);
}

// A function that needs no arguments may be written without parentheses.
ast::Call* Checker::bare_call(const ast::Expression& node) {
  const auto* name = ast::as<ast::Identifier>(&node);
  if (name == nullptr || builtins::find_variable(name->name) != nullptr) return nullptr;
  const builtins::Function* function = builtins::find_function(name->name);
  if (function == nullptr || function->min_arguments > 0) return nullptr;
  return session_.program.arena->make<ast::Call>(node.location, name->name, node.location,
                                                 std::vector<ast::Expression*>());
}

const Type* Checker::check(ast::Identifier& node, ast::Expression*& slot) {
  node.variable = builtins::find_variable(node.name);
  if (node.variable != nullptr) return builtin(*node.variable, node.location, nullptr);
  if (ast::Call* call = bare_call(node)) {
    slot = call;
    return check(*call, slot);
  }
  if (session_.host.enum_constant) {
    if (const auto constant = session_.host.enum_constant(node.name, *probe_.resolved)) {
      if (!constant->type->is(TypeKind::Enum)) {
        slot = make_literal(session_, node, {constant->value, constant->type->is_signed()});
        return slot->type;
      }
      node.constant = constant->value;
      return constant->type;
    }
  }
  const auto text =
      session_.host.text_constant ? session_.host.text_constant(node.name) : std::nullopt;
  if (text) {
    slot = session_.program.arena->make<ast::StringLiteral>(node.location, *text);
    return session_.types.string(static_cast<std::uint32_t>(text->size()) + 1);
  }
  report_unknown(session_, probe_, node, &node == compared_with_text_);
  return nullptr;
}

const Type* Checker::check(ast::ScratchVariable& node, ast::Expression*&) {
  if (node.variable == nullptr) return nullptr;
  const VariableFacts& facts = session_.variables[node.variable];
  // Nothing sets it: it stays 0.
  if (node.variable->type == nullptr && session_.guessing && facts.is_bare && !facts.is_set)
    give_zero(session_, *node.variable);
  if (node.variable->type == nullptr && session_.final_pass && !session_.emitter->has_errors()) {
    session_.emit(kinds::UndefinedVariable, node.location, node.name)
        .note(node.variable->declared, "declared here");
  }
  return node.variable->type;
}

const Type* Checker::check(ast::MapAccess& node, ast::Expression*&) {
  MapFacts* map = element(node);
  if (map == nullptr || !known(session_, *map, node.location)) return nullptr;
  return value_of(session_, *map, node.location);
}

const Type* Checker::check(ast::Ternary& node, ast::Expression*& slot) {
  condition(node.condition);
  if (is_undecided(*node.condition)) return nullptr;
  if (const std::optional<bool> known = known_truth(*node.condition))
    return chosen(node, slot, *known);
  const Type* then_type =
      node.then_value != nullptr ? place(node.then_value) : node.condition->type;
  const Type* else_type = place(node.else_value);
  if (then_type == nullptr || else_type == nullptr) return nullptr;
  if (then_type->is_void() && else_type->is_void()) return then_type;
  if (node.then_value != nullptr) then_type = used_copy(node.then_value);
  else_type = used_copy(node.else_value);
  if (then_type == nullptr || else_type == nullptr) return nullptr;
  Given both = given(session_, node.then_value != nullptr ? *node.then_value : *node.condition);
  if (!give(session_.types, both, given(session_, *node.else_value), &join_key)) {
    const bool texts = then_type->is_string() || else_type->is_string();
    session_.emit(kinds::TernaryTypes, node.location, then_type->name(), else_type->name())
        .hint(texts ? "two texts or two numbers; no text is \"\""
                    : conflict_hint(then_type, else_type));
    return nullptr;
  }
  const Type* type = held_type(session_.types, both);
  if (node.then_value != nullptr) adapt(session_.types, *node.then_value, type);
  adapt(session_.types, *node.else_value, type);
  return type;
}

const Type* Checker::check(ast::Tuple& node, ast::Expression*&) {
  std::vector<const Type*> elements;
  bool complete = true;
  for (ast::Expression*& element : node.elements) {
    const Type* type = copied(element);
    complete = complete && type != nullptr;
    elements.push_back(type);
  }
  if (!complete) return nullptr;
  const Type* type = session_.types.tuple(std::move(elements));
  if (type->size() <= plan::kMaxTemporary) return type;
  session_.emit(kinds::TypeTooLarge, node.location, "a tuple", type->size(), plan::kMaxTemporary);
  return nullptr;
}

const Type* Checker::check(ast::BlockExpression& node, ast::Expression*&) {
  statements(node.statements);
  const Type* type = place(node.value);
  return type != nullptr && !type->is_void() ? used(node.value) : type;
}

}  // namespace sonde::sema
