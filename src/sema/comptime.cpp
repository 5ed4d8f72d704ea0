#include "sema/comptime.h"

#include "ast/walk.h"
#include "sema/checker.h"
#include "sema/fold.h"
#include "sema/natural.h"
#include "sema/variable_types.h"

namespace sonde::sema {

// True if a call in `node` waits for a type that is not known yet, or that an error has left unknown: neither branch may be
// looked at.
bool is_undecided(ast::Expression& node) {
  bool waits = false;
  ast::walk(node, [&](ast::Node& inner) {
    const auto* call = ast::as<ast::Call>(&inner);
    const bool decides =
        call != nullptr && call->function != nullptr && call->function->is(builtins::kDecides);
    waits = waits || (decides && !call->decided);
  });
  return waits;
}

void settle(Session& session, ast::Expression*& slot, bool value) {
  if (!session.final_pass || slot->kind == ast::NodeKind::BoolLiteral) return;
  slot = session.program.arena->make<ast::BoolLiteral>(slot->location, value);
  slot->type = session.types.bool_type();
}

const Type* Checker::logical(ast::Binary& node, ast::Expression*& slot) {
  const Type* result = session_.types.bool_type();
  condition(node.left);
  if (is_undecided(*node.left)) return nullptr;
  const std::optional<bool> left = known_truth(*node.left);
  const bool is_and = node.op == ast::BinaryOp::LogicalAnd;
  if (!left || *left == is_and) condition(node.right);
  if (const std::optional<bool> both = known_truth(node)) settle(session_, slot, *both);
  return result;
}

const Type* Checker::chosen(ast::Ternary& node, ast::Expression*& slot, bool condition) {
  ast::Expression* other = node.then_value != nullptr ? node.then_value : node.condition;
  ast::Expression*& taken = condition ? other : node.else_value;
  const Type* type = taken == node.condition ? taken->type : place(taken);
  if (condition && node.then_value != nullptr) node.then_value = taken;
  if (session_.final_pass) slot = taken;
  return type;
}

// `let $x; if (0) { $x = "none"; }`: where nothing else says what the variable holds, a dropped branch does.
void Checker::learn_from_dropped(ast::Node& branch) {
  ast::walk(branch, [&](ast::Node& part) {
    auto* assignment = ast::as<ast::Assignment>(&part);
    if (assignment == nullptr || assignment->compound) return;
    auto* target = ast::as<ast::ScratchVariable>(assignment->target);
    if (target == nullptr || target->variable == nullptr || target->variable->type != nullptr)
      return;
    const VariableFacts& facts = session_.variables[target->variable];
    bool names_map = false;
    ast::walk(*assignment->value, [&](ast::Node& inner) {
      names_map = names_map || inner.kind == ast::NodeKind::MapAccess;
    });
    if (!facts.is_bare || facts.is_set || names_map) return;
    if (copied(assignment->value) != nullptr)
      set_variable(session_, *target, given(session_, *assignment->value), *assignment->value);
  });
}

void Checker::check(ast::If& node) {
  condition(node.condition);
  if (is_undecided(*node.condition)) return;
  const std::optional<bool> known = known_truth(*node.condition);
  if (!known || *known) statements(node.then_block->statements);
  if (node.else_block != nullptr && (!known || !*known)) statement(*node.else_block);
  if (known && session_.guessing && !session_.final_pass) {
    ast::Node* dropped = *known ? static_cast<ast::Node*>(node.else_block) : node.then_block;
    if (dropped != nullptr) learn_from_dropped(*dropped);
  }
  if (!known || !session_.final_pass) return;
  settle(session_, node.condition, *known);
  if (*known) {
    node.else_block = nullptr;
  } else {
    node.then_block->statements.clear();
  }
}

}  // namespace sonde::sema
