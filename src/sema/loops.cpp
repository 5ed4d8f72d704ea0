// Loops: what they run over, and whether the verifier walks through their turns or the kernel calls their bodies back.
#include <string>
#include <utility>

#include "ast/walk.h"
#include "sema/adapt.h"
#include "sema/checker.h"
#include "sema/fold.h"
#include "sema/map_types.h"
#include "sema/natural.h"
#include "sema/variable_types.h"

namespace sonde::sema {
namespace {

constexpr std::uint64_t kMaxUnroll = 100;

// A loop whose number of turns times the nodes of its body is below this stays in the program: the verifier walks through it
// in a fraction of a millisecond, and its variables stay in registers.
constexpr std::uint64_t kInlineWeight = 1024;
// The same for a body with conditions: every turn may double the number of ways that the verifier has to follow.
constexpr std::uint64_t kInlineBranchingTurns = 8;
// What the verifier could not walk through in its million instructions (5.2).
constexpr std::uint64_t kVerifierWeight = 500'000;

// What `unroll` may multiply a body to: a BPF program has at most a million instructions (5.2).
constexpr std::uint64_t kMaxUnrolledWeight = 100'000;
// A value that is gone through in a loop of its own.
constexpr std::uint32_t kLargeBytes = 64;

std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

// Turns of a range whose bounds are known.
std::optional<std::uint64_t> turns_of(const ast::ForRange& node) {
  const std::optional<Constant> start = constant_value(*node.start);
  const std::optional<Constant> end = constant_value(*node.end);
  if (!start || !end) return std::nullopt;
  if (end->negative() && !start->negative()) return 0;
  const bool is_empty =
      start->negative() == end->negative() ? start->bits >= end->bits : !start->negative();
  return is_empty ? 0 : end->bits - start->bits;
}

// Bytes of the large values that a call or a comparison goes through.
std::uint64_t large_operands(ast::Node& node) {
  std::uint64_t sum = 0;
  const auto add = [&](const ast::Expression* operand) {
    const Type* type = operand->type;
    if (type != nullptr && !type->is_scalar() && !type->is_void() && type->size() > kLargeBytes)
      sum += type->size();
  };
  if (const auto* call = ast::as<ast::Call>(&node)) {
    for (const ast::Expression* argument : call->arguments) add(argument);
  } else if (const auto* binary = ast::as<ast::Binary>(&node)) {
    add(binary->left);
    add(binary->right);
  }
  return sum;
}

// Nodes that the verifier meets on its way through `node`.
std::uint64_t weight(ast::Node& node) {
  std::uint64_t sum = 1 + large_operands(node);
  ast::for_each_child(node, [&](ast::Node& child) {
    if (__builtin_add_overflow(sum, weight(child), &sum)) sum = UINT64_MAX;
  });
  if (const auto* range = ast::as<ast::ForRange>(&node); range != nullptr && !range->is_called)
    return multiply(sum, turns_of(*range).value_or(1));
  if (const auto* unroll = ast::as<ast::Unroll>(&node)) return multiply(sum, unroll->times);
  return sum;
}

bool has_branch(ast::Node& node) {
  bool found = false;
  ast::walk(node, [&](ast::Node& part) {
    const auto* binary = ast::as<ast::Binary>(&part);
    found = found || part.kind == ast::NodeKind::If || part.kind == ast::NodeKind::Ternary ||
            part.kind == ast::NodeKind::While || large_operands(part) > 0 ||
            (binary != nullptr &&
             (binary->op == ast::BinaryOp::LogicalAnd || binary->op == ast::BinaryOp::LogicalOr));
  });
  return found;
}

bool is_loop(const ast::Node& node) {
  return node.kind == ast::NodeKind::While || node.kind == ast::NodeKind::ForRange ||
         node.kind == ast::NodeKind::ForMap;
}

// Something in the body of a loop leaves it.
bool leaves(ast::Node& node, bool is_own_loop) {
  if (const auto* jump = ast::as<ast::Jump>(&node)) {
    return jump->jump == ast::JumpKind::Return ||
           (jump->jump == ast::JumpKind::Break && is_own_loop);
  }
  if (const auto* call = ast::as<ast::Call>(&node);
      call != nullptr && call->function != nullptr &&
      call->function->id == builtins::FunctionId::Exit) {
    return true;
  }
  bool found = false;
  ast::for_each_child(node, [&](ast::Node& child) {
    found = found || leaves(child, is_own_loop && !is_loop(node));
  });
  return found;
}

// Something below `node` may set the variable.
bool sets(ast::Node& node, const ast::Variable* variable) {
  bool found = false;
  const auto is_it = [&](const ast::Node* target) {
    const auto* named = ast::as<ast::ScratchVariable>(target);
    return named != nullptr && named->variable == variable;
  };
  ast::walk(node, [&](ast::Node& part) {
    if (const auto* assignment = ast::as<ast::Assignment>(&part)) {
      found = found || is_it(assignment->target);
    } else if (const auto* unary = ast::as<ast::Unary>(&part)) {
      const bool changes =
          unary->op >= ast::UnaryOp::PreIncrement || unary->op == ast::UnaryOp::AddressOf;
      found = found || (changes && is_it(unary->operand));
    } else if (const auto* call = ast::as<ast::Call>(&part);
               call != nullptr && call->function != nullptr &&
               call->function->id == builtins::FunctionId::Find) {
      for (const ast::Expression* argument : call->arguments) found = found || is_it(argument);
    }
  });
  return found;
}

// Why the loop cannot end once it is entered, as far as that is plain; "" if it may.
std::string endless_reason(ast::While& node) {
  if (leaves(*node.body, true)) return {};
  const auto* literal = ast::as<ast::BoolLiteral>(node.condition);
  const std::optional<Constant> constant = constant_value(*node.condition);
  if ((literal != nullptr && literal->value) || (constant && constant->bits != 0))
    return "its condition is always true";
  if (literal != nullptr || constant) return {};
  std::string variables;
  bool is_plain = true;
  ast::walk(*node.condition, [&](ast::Node& part) {
    switch (part.kind) {
      case ast::NodeKind::ScratchVariable: {
        const auto& variable = *ast::as<ast::ScratchVariable>(&part);
        if (sets(node, variable.variable)) is_plain = false;
        if (variables.find(variable.name) == std::string::npos)
          variables += (variables.empty() ? "" : " or ") + variable.name;
        break;
      }
      case ast::NodeKind::Unary:
      case ast::NodeKind::Binary:
      case ast::NodeKind::Cast:
      case ast::NodeKind::IntegerLiteral:
      case ast::NodeKind::StringLiteral:
      case ast::NodeKind::BoolLiteral: break;
      default: is_plain = false;
    }
  });
  return is_plain && !variables.empty() ? "nothing in it changes " + variables : "";
}

}  // namespace

void Checker::loop(ast::Block& body) {
  ++loops_;
  statements(body.statements);
  --loops_;
}

// The verifier must see that a loop in the program ends, and walks through all its turns. A loop that the kernel calls back is
// walked through once, and ends by itself: so wherever there is bpf_loop(), a `while` becomes one.
void Checker::check(ast::While& node) {
  condition(node.condition);
  loop(*node.body);
  if (!session_.final_pass) return;
  if (const std::string reason = endless_reason(node); !reason.empty()) {
    session_.emit(kinds::EndlessLoop, node.condition->location, reason)
        .hint("leave it with 'break', or count: for ($i : 0..100) { ... }");
  }
  node.is_called = session_.has(plan::Feature::BpfLoop);
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
  if (!session_.final_pass || session_.emitter->has_errors()) return;
  if (const std::uint64_t all = weight(node); all > kMaxUnrolledWeight) {
    session_.emit(kinds::UnrollTooLarge, node.location, all, kMaxUnrolledWeight)
        .hint("for ($i : 0..100) { ... } keeps one copy of its body");
  }
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
    const Type* type = arithmetic_type(session_.types, node.start->type, node.end->type);
    const Given both{natural_result(session_, ast::BinaryOp::Add, *node.start, *node.end), type};
    adapt(session_.types, *node.start, type);
    adapt(session_.types, *node.end, type);
    set_variable(session_, *node.variable, both, *node.start);
  }
  loop(*node.body);
  if (session_.final_pass && start != nullptr && end != nullptr) choose_form(node);
}

void Checker::choose_form(ast::ForRange& node) {
  const std::optional<std::uint64_t> turns = turns_of(node);
  if (!turns) {
    node.is_called = session_.has(plan::Feature::BpfLoop);
    return;
  }
  if (*turns > plan::kMaxLoopTurns) {
    session_
        .emit(kinds::RangeTooLong,
              {node.start->location.source, node.start->location.begin, node.end->location.end},
              *turns, plan::kMaxLoopTurns)
        .hint("nest two loops, or do a part of the work each time the probe fires");
    return;
  }
  const std::uint64_t all = multiply(*turns, weight(*node.body));
  const bool may_be_inline = *turns <= kInlineBranchingTurns || !has_branch(*node.body);
  if (all <= kInlineWeight && may_be_inline) return;
  node.is_called = all <= kVerifierWeight
                       ? session_.has(plan::Feature::BpfLoop)
                       : session_.require(plan::Feature::BpfLoop,
                                          fmt::format("a loop of {} turns", *turns), node.location);
}

void Checker::check(ast::ForMap& node) {
  MapFacts* map = whole_map(session_, *node.map);
  if (map != nullptr && map->keyed == MapFacts::Keyed::No) {
    session_.emit(kinds::NotIterable, node.map->location, map->name)
        .note(map->keyed_at, "used without a key here")
        .hint(fmt::format("its value is {} itself", map->name));
  } else if (map != nullptr &&
             session_.require(plan::Feature::ForEachMap, "iterating over a map", node.location)) {
    const Type* value = value_of(session_, *map, node.map->location);
    if (map->key != nullptr && value != nullptr) {
      const Type* pair = session_.types.tuple({map->key, value});
      if (pair->size() <= plan::kMaxTemporary) {
        give_variable(session_, *node.variable, pair);
      } else {
        session_.emit(kinds::TypeTooLarge, node.map->location,
                      fmt::format("a key of '{}' with its value", map->name), pair->size(),
                      plan::kMaxTemporary);
      }
    }
  }
  loop(*node.body);
}

}  // namespace sonde::sema
