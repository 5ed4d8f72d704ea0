// What is decided while compiling: a branch that cannot be reached is dropped before it is checked, for it may not compile
// there: `if (is_str($x)) { ... } else { ... }`. The tree is changed when the types are settled.
#include "ast/walk.h"
#include "sema/checker.h"
#include "sema/fold.h"

namespace sonde::sema {

// True if a call in `node` waits for a type that is not known yet, or that an error has left unknown: neither branch may be
// looked at.
bool Checker::is_undecided(ast::Expression& node) const {
  bool waits = false;
  ast::walk(node, [&](ast::Node& inner) {
    const auto* call = ast::as<ast::Call>(&inner);
    const bool decides =
        call != nullptr && call->function != nullptr && call->function->is(builtins::kDecides);
    waits = waits || (decides && !call->decided);
  });
  return waits;
}

std::optional<bool> Checker::decided(const ast::Expression& node) const {
  const std::optional<Constant> value = constant_value(node);
  if (!value) return std::nullopt;
  return value->bits != 0;
}

void Checker::settle(ast::Expression*& slot, bool value) {
  if (!session_.final_pass || slot->kind == ast::NodeKind::BoolLiteral) return;
  slot = session_.program.arena->make<ast::BoolLiteral>(slot->location, value);
  slot->type = session_.types.bool_type();
}

const Type* Checker::logical(ast::Binary& node, ast::Expression*& slot) {
  const Type* result = session_.types.bool_type();
  condition(node.left);
  if (is_undecided(*node.left)) return nullptr;
  const std::optional<bool> left = decided(*node.left);
  const bool is_and = node.op == ast::BinaryOp::LogicalAnd;
  if (!left || *left == is_and) condition(node.right);
  if (const std::optional<bool> both = decided(node)) settle(slot, *both);
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

void Checker::check(ast::If& node) {
  condition(node.condition);
  if (is_undecided(*node.condition)) return;
  const std::optional<bool> known = decided(*node.condition);
  if (!known || *known) statements(node.then_block->statements);
  if (node.else_block != nullptr && (!known || !*known)) statement(*node.else_block);
  if (!known || !session_.final_pass) return;
  settle(node.condition, *known);
  if (*known) {
    node.else_block = nullptr;
  } else {
    node.then_block->statements.clear();
  }
}

}  // namespace sonde::sema
