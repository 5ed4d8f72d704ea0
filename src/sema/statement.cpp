// Statements.
#include <algorithm>
#include <string>
#include <utility>

#include "ast/visit.h"
#include "sema/checker.h"
#include "sema/fold.h"
#include "sema/natural.h"
#include "sema/variable_types.h"

namespace sonde::sema {
namespace {

// An expression whose effect is wanted, not its value.
bool has_effect(const ast::Expression& node) {
  if (node.type != nullptr && node.type->is_void()) return true;
  if (const auto* call = ast::as<ast::Call>(&node)) {
    return call->function == nullptr || call->function->is(builtins::kEffect);
  }
  if (const auto* ternary = ast::as<ast::Ternary>(&node)) {
    return ternary->then_value != nullptr && has_effect(*ternary->then_value) &&
           has_effect(*ternary->else_value);
  }
  if (const auto* unary = ast::as<ast::Unary>(&node))
    return unary->op >= ast::UnaryOp::PreIncrement;
  return false;
}

}  // namespace

void Checker::check_probe() {
  loops_ = 0;
  ast::Probe& probe = *probe_.resolved->probe;
  if (probe.predicate != nullptr) condition(probe.predicate);
  if (probe.body != nullptr) statements(probe.body->statements);
}

void Checker::statement(ast::Statement& node) {
  ast::visit(node, [this](auto& specific) { check(specific); });
}

void Checker::statements(std::vector<ast::Statement*>& nodes) {
  bool reported = false;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i > 0 && nodes[i - 1]->kind == ast::NodeKind::Jump && !reported) {
      reported = true;
      session_.emit(kinds::UnreachableCode, nodes[i]->location);
    }
    statement(*nodes[i]);
  }
}

void Checker::check(ast::ExpressionStatement& node) {
  const Type* type = place(node.value);
  if (type == nullptr || has_effect(*node.value)) return;
  const auto* binary = ast::as<ast::Binary>(node.value);
  // Its operands were reported already.
  if (binary != nullptr && (binary->left->type == nullptr || binary->right->type == nullptr))
    return;
  session_.emit(kinds::UnusedValue, node.location)
      .hint(binary != nullptr && binary->op == ast::BinaryOp::Equal
                ? "'=' assigns, '==' compares"
                : "drop it on purpose with: _ = ...;");
}

// The value of a map assignment: an aggregation is allowed here and nowhere else.
const Type* Checker::aggregation(ast::Expression*& slot) {
  if (ast::Call* bare = bare_call(*slot)) slot = bare;
  auto* call = ast::as<ast::Call>(slot);
  const builtins::Function* function =
      call != nullptr ? builtins::find_function(call->name) : nullptr;
  if (function == nullptr || !function->is(builtins::kAggregation)) return copied(slot);
  aggregation_allowed_ = true;
  const Type* type = place(slot);
  aggregation_allowed_ = false;
  return type;
}

void Checker::check(ast::Assignment& node) {
  if (node.target == nullptr) {
    place(node.value);
  } else if (auto* variable = ast::as<ast::ScratchVariable>(node.target)) {
    assign_variable(node, *variable);
  } else if (auto* map = ast::as<ast::MapAccess>(node.target)) {
    assign_map(node, *map);
  } else {
    copied(node.value);
    session_.emit(kinds::NotAssignable, node.target->location)
        .hint("only variables ($x) and maps (@x) can be set");
  }
}

void Checker::check(ast::Declaration& node) {
  const Type* type = node.value != nullptr ? copied(node.value) : nullptr;
  ast::Variable* variable = node.target->variable;
  if (variable == nullptr) return;
  if (node.type_name != nullptr && node.type_name->of != nullptr)
    session_.variables[variable].declared = type_of(*node.type_name);
  const Type* declared = session_.variables[variable].declared;
  if (declared != nullptr && variable->type != declared) {
    const bool is_known = !declared->is_record() || declared->record()->complete();
    if (declared->size() == 0 || !is_known) {
      session_.emit(kinds::UnknownType, node.location, declared->name())
          .hint("a variable needs a type whose size is known");
      return;
    }
    if (declared->size() > plan::kMaxTemporary) {
      session_.emit(kinds::TypeTooLarge, node.location, node.target->name, declared->size(),
                    plan::kMaxTemporary);
      return;
    }
    variable->type = declared;
    session_.changed = true;
  }
  node.target->type = variable->type;
  if (type != nullptr)
    set_variable(session_, *node.target, given(session_, *node.value), *node.value);
}

void Checker::check(ast::Block& node) { statements(node.statements); }

// What a test returns tells whether it has passed; elsewhere nobody looks.
void Checker::check_result(ast::Expression*& slot) {
  const Type* type = copied(slot);
  const bool is_test = std::ranges::any_of(probe_.kinds, [](const builtins::ProbeKind* kind) {
    return kind->id == builtins::ProbeKindId::Test;
  });
  if (!is_test || type == nullptr || type->is_integral()) return;
  session_.emit(kinds::TestResult, slot->location, type->name())
      .hint("0 means that the test has passed");
}

void Checker::check(ast::Jump& node) {
  if (node.value != nullptr) check_result(node.value);
  if (node.jump == ast::JumpKind::Return || loops_ > 0) return;
  session_
      .emit(kinds::JumpOutsideLoop, node.location,
            node.jump == ast::JumpKind::Break ? "break" : "continue")
      .hint("'return' leaves the probe");
}

}  // namespace sonde::sema
