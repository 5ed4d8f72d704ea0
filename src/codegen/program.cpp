#include "codegen/program.h"

#include <algorithm>

#include "ast/walk.h"
#include "codegen/builtin/process.h"
#include "codegen/callback.h"
#include "codegen/context/context.h"
#include "codegen/context/entry_values.h"
#include "codegen/event.h"
#include "codegen/expression.h"
#include "codegen/function.h"
#include "codegen/statement.h"
#include "codegen/task_filter.h"
#include "plan/both_ends.h"

namespace sonde::codegen {
namespace {

// While the runtime attaches and detaches, a probe that is there already does nothing.
void check_pause(Function& f) {
  const IrValue paused = f.ir.load(64, f.module.paused(), 8, Volatile::Yes);
  leave_unless(f, f.ir.logical_not(f.ir.is_nonzero(paused)));
}

bool needs_pid(ast::Node& node) {
  if (const auto* identifier = ast::as<ast::Identifier>(&node))
    return identifier->variable != nullptr && identifier->variable->is(builtins::kAsksPid);
  const auto* call = ast::as<ast::Call>(&node);
  return call != nullptr && call->function != nullptr && call->function->is(builtins::kAsksPid);
}

std::size_t count_pid_uses(const ast::Probe& probe) {
  std::size_t count = 0;
  const auto look = [&](ast::Node& node) { count += needs_pid(node) ? 1 : 0; };
  ast::walk(probe, look);
  return count;
}

// Whether the code says, by its result, what becomes of what it looks at.
bool decides(const Function& f, const ast::Probe& probe) {
  if (!f.program.row().has(plan::kDecides)) return false;
  bool found = false;
  ast::walk(probe, [&](ast::Node& node) {
    const auto* call = ast::as<ast::Call>(&node);
    found |= call != nullptr && call->function != nullptr && call->function->is(builtins::kVerdict);
  });
  return found;
}

// Where the result of a program that decides is put: what leaves early passes by its verdict.
IrValue result_slot(Function& f) {
  const IrValue slot = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(f.program.row().result), slot, 8);
  return slot;
}

void store_result(Function& f, IrValue slot) {
  const IrValue verdict = f.ir.load(64, kept(f, f.shared.verdict).pointer, 8);
  const auto returned = context_access(f.program.type).returned;
  f.ir.store(returned != nullptr ? returned(f, verdict) : verdict, slot, 8);
}

void emit_body(Function& f, const ast::Probe& probe, std::uint32_t depth) {
  const CallbackNeeds needs = callback_needs(probe);
  prepare_callbacks(f, needs);
  if (depth > needs.depth) f.stack.set_budget(stack_budget(depth, 0));
  if (needs.depth > 0) share_call(f);
  if (decides(f, probe)) {
    f.shared.verdict = keep(f, sizeof(std::uint64_t));
    f.ir.store(f.ir.i64(f.program.row().result), kept(f, f.shared.verdict).pointer, 8);
  }
  if (const auto prepare = context_access(f.program.type).prepare; prepare != nullptr)
    prepare(f, probe);
  f.shares_pid_tgid = count_pid_uses(probe) > 1;
  if (probe.predicate != nullptr) leave_unless(f, emit_condition(f, *probe.predicate));
  emit_block(f, *probe.body);
}

// Tells the runtime the address that is to be watched, and stops the process until it is.
void emit_watch_entry(Function& f) {
  constexpr std::uint64_t kSigStop = 19;
  const plan::Watch& watch = *f.attach_point().watch;
  const auto index = static_cast<std::uint32_t>(watch.argument);
  const IrValue address = context_access(f.program.type).argument(f, index);
  leave_unless(f, f.ir.is_nonzero(address));
  const IrValue process = process_id(f);
  // Only when there is a record, which the runtime answers by SIGCONT, and before it is handed over: one that came in front of
  // SIGSTOP would let the process stand.
  const auto write_address = [&](const Destination& to) {
    if (!watch.is_async) f.ir.call(Helper::SendSignal, {f.ir.i64(kSigStop)});
    f.ir.store(address, to.memory.pointer, 8);
  };
  const auto write_process = [&](const Destination& to) {
    f.ir.store(process, to.memory.pointer, 8);
  };
  const FieldSource sources[] = {{.expression = nullptr, .write = write_address},
                                 {.expression = nullptr, .write = write_process}};
  send_event(f, f.program.watch_action, sources);
}

// How long the body takes: a clock read twice before it, for what the reading itself takes, and once behind it.
struct Stopwatch {
  IrValue before = nullptr;  // u64 variables.
  IrValue start = nullptr;

  void begin(Function& f) {
    before = f.ir.stack_scalar(64);
    start = f.ir.stack_scalar(64);
    f.ir.store(f.ir.call(Helper::KtimeGetNs, {}), before, 8);
    f.ir.store(f.ir.call(Helper::KtimeGetNs, {}), start, 8);
  }
  [[nodiscard]] IrValue end(Function& f) const {
    const IrValue now = f.ir.call(Helper::KtimeGetNs, {});
    const IrValue started = f.ir.load(64, start, 8);
    const IrValue reading = f.ir.binary(Op::Sub, started, f.ir.load(64, before, 8));
    return f.ir.binary(Op::Sub, f.ir.binary(Op::Sub, now, started), reading);
  }
};

}  // namespace

void leave_unless(Function& f, IrValue condition) {
  const IrBlock next = f.ir.block();
  f.ir.branch(condition, next, f.exit);
  f.ir.enter(next);
}

namespace {

// `depth`: the least for which stack is left, of callbacks inside one another.
void emit_code(Function& f, const ast::Probe& probe, std::uint32_t depth) {
  const plan::BpfProgram& program = f.program;
  const IrBlock out = f.exit;
  const bool finds_arguments = program.entry_arguments != 0 && !program.is_keeper;
  if (finds_arguments) f.exit = f.ir.block();
  if (program.row().has(plan::kReturnsVerdict)) {
    f.test_result = f.module.flag();
    f.ir.store(f.ir.i64(0), f.test_result, 8);
  }
  Stopwatch stopwatch;
  if (program.row().has(plan::kReturnsTime)) stopwatch.begin(f);
  f.open_body();
  if (finds_arguments) find_arguments(f);
  if (program.watch_action >= 0) {
    emit_watch_entry(f);
  } else if (program.is_keeper) {
    keep_arguments(f);
  } else {
    emit_body(f, probe, depth);
  }
  f.close_body([&] {
    if (f.result != nullptr) store_result(f, f.result);
  });
  if (finds_arguments) {
    forget_arguments(f);
    f.ir.jump(out);
    f.ir.enter(out);
  }
  if (f.test_result != nullptr) {
    f.ir.ret(f.ir.load(64, f.test_result, 8));
  } else if (program.row().has(plan::kReturnsTime)) {
    f.ir.ret(stopwatch.end(f));
  } else {
    f.ir.ret(f.result != nullptr ? f.ir.load(64, f.result, 8) : f.ir.i64(program.row().result));
  }
}

// Before the body of a program of both ends: what it does at the entry. The code goes on at the return. The depth for which both
// bodies leave stack, which they share.
std::uint32_t emit_entry(Function& f, const ast::Probe& at_return) {
  const IrBlock returned = branch_at_entry(f);
  if (f.program.entry_arguments != 0) keep_at_entry(f);
  f.stack.free_all();
  std::uint32_t depth = 0;
  if (f.program.entry_part >= 0) {
    const auto part = static_cast<std::size_t>(f.program.entry_part);
    const ast::Probe& at_entry = *f.module.plan().bodies[part];
    // At least 1: what LLVM spills in both bodies needs room too.
    depth = std::max({1U, callback_needs(at_entry).depth, callback_needs(at_return).depth});
    Function entry(f.module, f.module.manifest().programs[part]);
    const At at(entry, at_entry.location);
    entry.context = f.context;
    entry.exit = f.ir.block();
    entry.take_over(f);
    check_pause(entry);
    emit_code(entry, at_entry, depth);
    f.take_over(entry);
  } else {
    f.ir.ret(f.ir.i64(f.program.row().result));
  }
  f.ir.enter(returned);
  return depth;
}

}  // namespace

void emit_program(Module& module, std::size_t index) {
  const plan::BpfProgram& program = module.manifest().programs[index];
  const ast::Probe& probe = *module.plan().bodies[index];
  module.begin_program(program.name, program.section, probe.location);
  Function f(module, program);
  const At at(f, probe.location);
  f.context = f.ir.parameter(0);
  f.exit = f.ir.block();
  const bool is_held = !program.row().has(plan::kRunsAlways);
  // A call that begins while the runtime attaches may return after that.
  const bool at_both_ends = plan::runs_at_both_ends(program);
  const bool keeps = at_both_ends || (program.is_keeper && program.watch_action < 0);
  // Before the pause, in which a program that decides passes everything.
  if (decides(f, probe)) f.result = result_slot(f);
  if (is_held && !keeps) check_pause(f);
  if (const auto enter = context_access(program.type).enter; enter != nullptr) enter(f);
  if (is_held && f.kind().has(builtins::kCurrentTask)) emit_task_filter(f);
  std::uint32_t depth = 0;
  if (at_both_ends) {
    depth = emit_entry(f, probe);
    check_pause(f);
  }
  emit_code(f, probe, depth);
}

}  // namespace sonde::codegen
