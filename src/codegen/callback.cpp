#include "codegen/callback.h"

#include <algorithm>
#include <map>

#include "ast/walk.h"

namespace sonde::codegen {
namespace {

bool is_callback(const ast::Node& node) {
  if (const auto* loop = ast::as<ast::While>(&node)) return loop->is_called;
  if (const auto* range = ast::as<ast::ForRange>(&node)) return range->is_called;
  return node.kind == ast::NodeKind::ForMap;
}

using Counts = std::map<const ast::Variable*, std::size_t>;

void count_uses(ast::Node& node, Counts& counts) {
  ast::walk(node, [&](ast::Node& part) {
    if (const auto* use = ast::as<ast::ScratchVariable>(&part)) ++counts[use->variable];
  });
}

// Uses of variables in the code that becomes the callback of `loop`: a range's bounds are evaluated outside.
Counts uses_inside(ast::Node& loop) {
  Counts counts;
  count_uses(loop, counts);
  if (const auto* range = ast::as<ast::ForRange>(&loop)) {
    Counts outside;
    count_uses(*range->start, outside);
    count_uses(*range->end, outside);
    for (const auto& [variable, uses] : outside) counts[variable] -= uses;
  }
  return counts;
}

class Needs {
 public:
  explicit Needs(const ast::Probe& probe) {
    if (probe.predicate != nullptr) count_uses(*probe.predicate, all_);
    count_uses(*probe.body, all_);
    if (probe.predicate != nullptr) look(*probe.predicate, 0);
    look(*probe.body, 0);
  }
  CallbackNeeds result;

 private:
  void look(ast::Node& node, std::uint32_t depth) {
    if (is_callback(node)) {
      result.depth = std::max(result.depth, ++depth);
      for (const auto& [variable, uses] : uses_inside(node)) {
        if (uses != 0 && uses != all_[variable]) share(variable);
      }
    }
    ast::for_each_child(node, [&](ast::Node& child) { look(child, depth); });
  }
  void share(const ast::Variable* variable) {
    const auto found = std::find(result.shared.begin(), result.shared.end(), variable);
    if (found == result.shared.end()) result.shared.push_back(variable);
  }

  Counts all_;
};

}  // namespace

CallbackNeeds callback_needs(const ast::Probe& probe) { return Needs(probe).result; }

Callback make_callback(Function& f, std::span<const Module::Parameter> parameters,
                       const std::function<void(Function&)>& turn) {
  const IrValue frame = f.frame();
  const Ir::Position back = f.ir.position();
  const IrValue function =
      f.module.begin_function(f.module.callback_name(f.program.name), f.location(), parameters);
  Function body(f, f.ir.parameter(static_cast<std::uint32_t>(parameters.size() - 1)));
  body.open_turn();
  turn(body);
  body.close_turn();
  f.ir.restore(back);
  return {function, frame, body.leaves()};
}

void follow(Function& f, const Callback& callback) {
  if (!callback.leaves) return;
  const IrBlock stay = f.ir.block();
  const IrValue left = f.ir.load(64, f.left_flag().pointer, 8);
  f.leave_if(f.ir.is_nonzero(left), stay);
}

}  // namespace sonde::codegen
