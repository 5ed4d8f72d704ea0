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

// Before 6.7 (and in some stable kernels after it) the verifier walks through a callback once, and believes what it saw on the
// stack: that a counter is 0, say, and that code for other values is dead. Of the values of a map it believes nothing.
void prepare_callbacks(Function& program, const CallbackNeeds& needs) {
  SharedPlaces& shared = program.shared;
  shared.depth = needs.depth;
  program.stack.set_budget(stack_budget(needs.depth, 0));
  if (needs.depth == 0) return;
  shared.left = program.scratch.reserve(sizeof(std::uint64_t));
  program.ir.store(program.ir.i64(0), program.scratch.at(shared.left).pointer, 8);
  for (const ast::Variable* variable : needs.shared)
    shared.variables[variable] = program.scratch.reserve(variable->type->size());
  program.scratch.keep();
}

namespace {

// The frame: the program's context, then the first page of its scratch memory.
constexpr std::int64_t kScratchField = 8;
constexpr std::uint32_t kFrameBytes = 16;

// A program writes it anew for each loop: it may have been made in a branch. Callbacks hand on what they were given.
IrValue frame_of(Function& f) {
  if (f.is_callback()) return f.frame;
  if (f.frame == nullptr) f.frame = f.ir.stack_slot(kFrameBytes);
  f.ir.store(f.context, f.frame, 8);
  f.ir.store(f.scratch.first_page(), f.ir.offset(f.frame, kScratchField), 8);
  return f.frame;
}

// Around the code of one turn. The verifier wants to see 0 or 1 as the result.
void make_turn(Function& body, const std::function<void(Function&)>& turn) {
  Ir& ir = body.ir;
  body.context = ir.load_pointer(body.frame);
  body.scratch.adopt(ir.load_pointer(ir.offset(body.frame, kScratchField)));
  const IrBlock next = ir.block();
  const IrBlock stop = ir.block();
  body.exit = stop;  // A run that gets no scratch memory.
  body.open_body();
  body.loops.push_back({.break_target = stop, .continue_target = next});
  turn(body);
  body.loops.pop_back();
  ir.jump(next);
  ir.enter(next);
  ir.ret(ir.i64(0));
  ir.enter(body.exit);
  ir.store(ir.i64(1), body.scratch.at(body.shared.left).pointer, 8);
  ir.jump(stop);
  ir.enter(stop);
  ir.ret(ir.i64(1));
}

}  // namespace

Callback make_callback(Function& f, std::span<const Module::Parameter> parameters,
                       const std::function<void(Function&)>& turn) {
  const IrValue frame = frame_of(f);
  const Ir::Position back = f.ir.position();
  const IrValue function =
      f.module.begin_function(f.module.callback_name(f.program.name), f.location(), parameters);
  Function body(f, f.ir.parameter(static_cast<std::uint32_t>(parameters.size() - 1)));
  make_turn(body, turn);
  f.ir.restore(back);
  return {function, frame, body.leaves()};
}

void follow(Function& f, const Callback& callback) {
  if (!callback.leaves) return;
  const IrBlock stay = f.ir.block();
  const IrValue left = f.ir.load(64, f.scratch.at(f.shared.left).pointer, 8);
  f.leave_if(f.ir.is_nonzero(left), stay);
}

}  // namespace sonde::codegen
