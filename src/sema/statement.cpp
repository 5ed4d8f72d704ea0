// Statements.
#include <string>
#include <utility>

#include "ast/visit.h"
#include "sema/checker.h"
#include "sema/fold.h"

namespace sonde::sema {
namespace {

constexpr std::uint64_t kMaxUnroll = 100;

// An expression whose effect is wanted, not its value.
bool has_effect(const ast::Expression& node) {
  if (node.type != nullptr && node.type->is_void()) return true;
  if (const auto* call = ast::as<ast::Call>(&node)) {
    return call->function == nullptr || call->function->id == builtins::FunctionId::Delete;
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

void Checker::loop(ast::Block& body) {
  ++loops_;
  statements(body.statements);
  --loops_;
}

void Checker::check(ast::ExpressionStatement& node) {
  const Type* type = place(node.value);
  if (type != nullptr && !has_effect(*node.value)) session_.emit(kinds::UnusedValue, node.location);
}

// The value of a map assignment: an aggregation is allowed here and nowhere else.
const Type* Checker::aggregation(ast::Expression*& slot) {
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

void Checker::assign_variable(ast::Assignment& node, ast::ScratchVariable& target) {
  const Type* type = copied(node.value);
  if (node.compound) {
    const Type* old = place(node.target);
    if (old == nullptr || type == nullptr) return;
    type = operator_result(node.operation, node.operator_location, *node.target, *node.value);
  }
  if (type != nullptr) set_variable(target, type, *node.value);
}

void Checker::set_variable(ast::ScratchVariable& target, const Type* type, ast::Expression& value) {
  ast::Variable* variable = target.variable;
  if (variable == nullptr) return;
  VariableFacts& facts = session_.variables[variable];
  const auto* literal = ast::as<ast::IntegerLiteral>(&value);
  const Type* merged = facts.declared;
  if (facts.declared != nullptr) {
    const bool fits =
        facts.declared == type || merge(session_.types, facts.declared, type) != nullptr;
    if (!fits) merged = nullptr;
    if (literal != nullptr && facts.declared->is_integer() &&
        !literal_fits(*literal, facts.declared)) {
      session_.emit(kinds::IntegerOverflow, value.location,
                    literal->text.empty() ? fmt::format("{}", literal->value) : literal->text,
                    facts.declared->name());
    }
  } else if (literal != nullptr && literal->value == 0 && variable->type != nullptr &&
             variable->type->is_pointer()) {
    merged = variable->type;  // 0 is the null pointer.
  } else {
    merged = merge(session_.types, variable->type, stored(session_.types, type));
  }
  if (merged == nullptr) {
    const Type* held = variable->type != nullptr ? variable->type : facts.declared;
    diag::Builder report = session_.emit(kinds::AssignmentType, value.location, variable->name,
                                         type->name(), held->name());
    report.note(facts.assigned_at.valid() ? facts.assigned_at : variable->declared,
                fmt::format("'{}' here", held->name()));
    return;
  }
  if (!facts.assigned_at.valid()) facts.assigned_at = value.location;
  if (merged != variable->type) {
    variable->type = merged;
    session_.changed = true;
  }
  target.type = merged;
  adapt(value, merged);
}

void Checker::assign_map(ast::Assignment& node, ast::MapAccess& target) {
  const Type* type = node.compound ? copied(node.value) : aggregation(node.value);
  MapFacts* map = element(target);
  if (map == nullptr) {
    session_.maps.get(target.name, target.location).written = true;
    return;
  }
  if (node.compound && type != nullptr) {
    // A map that nothing else writes holds integers: `@x += 1`.
    if (map->value == nullptr) write(*map, session_.types.int64(), target.location);
    target.type = map->value;
    const bool aggregates = map->value != nullptr && map->value->is_aggregation();
    if (!aggregates && map->value != nullptr) {
      type = operator_result(node.operation, node.operator_location, target, *node.value);
    }
  }
  const auto* literal = ast::as<ast::IntegerLiteral>(node.value);
  const bool null_pointer = literal != nullptr && literal->value == 0 && map->value != nullptr &&
                            map->value->is_pointer();
  if (null_pointer) {
    map->written = true;
  } else {
    write(*map, type, node.value->location);
  }
  target.type = map->value;
  if (type != nullptr && map->value != nullptr) adapt(*node.value, map->value);
}

void Checker::check(ast::Declaration& node) {
  const Type* type = node.value != nullptr ? copied(node.value) : nullptr;
  ast::Variable* variable = node.target->variable;
  if (variable == nullptr) return;
  const Type* declared = session_.variables[variable].declared;
  if (declared != nullptr && variable->type == nullptr) {
    if (declared->is_record() || declared->is_void()) {
      session_.emit(kinds::UnsupportedFeature, node.location,
                    fmt::format("a variable of type '{}'", declared->name()));
      return;
    }
    variable->type = declared;
    session_.changed = true;
  }
  node.target->type = variable->type;
  if (type != nullptr) set_variable(*node.target, type, *node.value);
}

void Checker::check(ast::Block& node) { statements(node.statements); }

void Checker::check(ast::If& node) {
  condition(node.condition);
  statements(node.then_block->statements);
  if (node.else_block != nullptr) statement(*node.else_block);
}

void Checker::check(ast::While& node) {
  condition(node.condition);
  loop(*node.body);
}

void Checker::check(ast::Unroll& node) {
  const Type* type = value(node.count);
  if (type != nullptr) {
    const std::optional<Constant> count = constant_value(*node.count);
    if (!count || count->negative() || count->bits < 1 || count->bits > kMaxUnroll) {
      session_.emit(kinds::UnrollCount, node.count->location,
                    count ? fmt::format("{}", count->value()) : "this expression");
    } else {
      node.times = count->bits;
    }
  }
  // The copies of the body are no loop: there is nothing to break out of.
  const int outer = std::exchange(loops_, 0);
  statements(node.body->statements);
  loops_ = outer;
}

void Checker::check(ast::ForRange& node) {
  const Type* start = value(node.start);
  const Type* end = value(node.end);
  for (ast::Expression* bound : {node.start, node.end}) {
    if (bound->type == nullptr || bound->type->is_integral()) continue;
    session_.emit(kinds::RangeType, bound->location, bound->type->name());
    start = nullptr;
  }
  if (start != nullptr && end != nullptr) {
    adapt(*node.start, end);
    adapt(*node.end, node.start->type);
    const Type* type = arithmetic_type(session_.types, node.start->type, node.end->type);
    adapt(*node.start, type);
    adapt(*node.end, type);
    set_variable(*node.variable, type, *node.start);
  }
  loop(*node.body);
}

void Checker::check(ast::ForMap& node) {
  session_.emit(kinds::UnsupportedFeature, node.location, "'for' over the keys of a map");
}

void Checker::check(ast::Jump& node) {
  if (node.value != nullptr) copied(node.value);
  if (node.jump == ast::JumpKind::Return || loops_ > 0) return;
  session_.emit(kinds::JumpOutsideLoop, node.location,
                node.jump == ast::JumpKind::Break ? "break" : "continue");
}

}  // namespace sonde::sema
