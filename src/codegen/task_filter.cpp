#include "codegen/task_filter.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "base/check.h"
#include "codegen/builtin/process.h"
#include "codegen/program.h"

namespace sonde::codegen {
namespace {

using plan::TaskFilter;

// -p: the verifier knows the constant, so that without -p nothing of this is left.
void check_process(Function& f) {
  const IrValue wanted = constant_field(f, offsetof(plan::Constants, filter_pid), 32);
  const IrBlock filter = f.ir.block();
  const IrBlock run = f.ir.block();
  f.ir.branch(f.ir.is_nonzero(wanted), filter, run);
  f.ir.enter(filter);
  const IrValue pid = process_id(f);
  f.ir.branch(f.ir.compare(Compare::Equal, pid, f.ir.resize(wanted, 64, false)), run, f.exit);
  f.ir.enter(run);
}

// The address of a u32 on the stack that holds `value`.
IrValue key_of(Ir& ir, IrValue value) {
  const IrValue key = ir.stack_slot(4);
  ir.store(ir.resize(value, 32, false), key, 4);
  return key;
}

void check_processes(Function& f) {
  const IrValue key = key_of(f.ir, process_id(f));
  leave_unless(f, f.ir.is_nonzero(f.ir.call(Helper::MapLookup, {f.module.pids(), key})));
}

void check_cgroup(Function& f) {
  const IrValue inside =
      f.ir.call(Helper::CurrentTaskUnderCgroup, {f.module.cgroup(), f.ir.i64(0)});
  // Negative without a cgroup in the map.
  leave_unless(f, f.ir.compare(Compare::Equal, f.ir.resize(inside, 32, false), f.ir.i32(1)));
}

// Eight bytes of the name as the program loads them.
std::uint64_t word(const std::string& name, std::size_t at) {
  char bytes[TaskFilter::kCommBytes] = {};
  std::memcpy(bytes, name.data(), std::min<std::size_t>(name.size(), sizeof bytes - 1));
  std::uint64_t value = 0;
  std::memcpy(&value, bytes + at, sizeof value);
  return value;
}

void check_comm(Function& f, const std::vector<std::string>& comms) {
  Ir& ir = f.ir;
  const IrValue name = ir.stack_slot(TaskFilter::kCommBytes);
  // Before Linux 6.2 or so the helper leaves the bytes behind the NUL as they are.
  ir.zero_inline(name, 8, TaskFilter::kCommBytes);
  ir.call(Helper::GetCurrentComm, {name, ir.i64(TaskFilter::kCommBytes)});
  const IrValue first = ir.load(64, name, 8);
  const IrValue second = ir.load(64, ir.offset(name, 8), 8);
  IrValue differs = nullptr;
  for (const std::string& comm : comms) {
    const IrValue bits = ir.binary(Op::Or, ir.binary(Op::Xor, first, ir.i64(word(comm, 0))),
                                   ir.binary(Op::Xor, second, ir.i64(word(comm, 8))));
    const IrValue is_other = ir.is_nonzero(bits);
    differs = differs == nullptr ? is_other : ir.binary(Op::And, differs, is_other);
  }
  leave_unless(f, ir.logical_not(differs));
}

// u32 field of the task that the tracepoint hands over in `slot`. The verifier knows what it points to.
IrValue task_field(Ir& ir, std::uint32_t slot, std::uint32_t offset) {
  const IrValue task =
      ir.to_pointer(ir.load(64, ir.offset(ir.parameter(0), 8 * slot), 8, Volatile::Yes));
  return ir.load(32, ir.offset(task, offset), 4, Volatile::Yes);
}

// sched_process_fork(parent, child): runs in the parent, before the child does. For a thread its process is added again.
void emit_fork(Module& module) {
  const TaskFilter& filter = module.manifest().filter;
  Ir& ir = module.ir();
  const IrBlock known = ir.block();
  const IrBlock out = ir.block();
  const IrValue ids = ir.call(Helper::GetCurrentPidTgid, {});
  const IrValue parent = key_of(ir, ir.binary(Op::LShr, ids, ir.i64(32)));
  ir.branch(ir.is_nonzero(ir.call(Helper::MapLookup, {module.pids(), parent})), known, out);
  ir.enter(known);
  const IrValue child = key_of(ir, task_field(ir, 1, filter.task_tgid_offset));
  const IrValue result =
      ir.call(Helper::MapUpdate, {module.pids(), child, key_of(ir, ir.i32(1)), ir.i64(kUpdateAny)});
  // Beyond kMostFollowed the child's events are missed: at least that is told.
  const IrBlock full = ir.block();
  ir.branch(ir.is_nonzero(result), full, out);
  ir.enter(full);
  ir.call_function(module.count_loss_function(),
                   {ir.i64(static_cast<std::uint64_t>(plan::Lost::Events))});
  ir.jump(out);
  ir.enter(out);
  ir.ret(ir.i64(0));
}

// The rest of a program that is run for a thread: takes its process out of the map.
void forget_if(Ir& ir, IrValue condition, IrValue map, IrValue tgid) {
  const IrBlock forget = ir.block();
  const IrBlock out = ir.block();
  ir.branch(condition, forget, out);
  ir.enter(forget);
  ir.call(Helper::MapDelete, {map, key_of(ir, tgid)});
  ir.jump(out);
  ir.enter(out);
  ir.ret(ir.i64(0));
}

// sched_process_free(task): of a process when its first thread is let go, which is after all others.
void emit_free(Module& module) {
  const TaskFilter& filter = module.manifest().filter;
  Ir& ir = module.ir();
  const IrValue pid = task_field(ir, 0, filter.task_pid_offset);
  const IrValue tgid = task_field(ir, 0, filter.task_tgid_offset);
  forget_if(ir, ir.compare(Compare::Equal, pid, tgid), module.pids(), tgid);
}

// sched_process_exec: runs in the thread that has the new program, whose id is now that of the process.
void emit_exec(Module& module) {
  Ir& ir = module.ir();
  const IrValue ids = ir.call(Helper::GetCurrentPidTgid, {});
  const IrValue now = ir.resize(
      ir.binary(Op::LShr, ir.call(Helper::KtimeGetBootNs, {}), ir.i64(plan::kExecTimeShift)), 32,
      false);
  const IrValue time = ir.select(ir.is_nonzero(now), now, ir.i32(1));
  ir.call(Helper::MapUpdate, {module.execs(), key_of(ir, ir.binary(Op::LShr, ids, ir.i64(32))),
                              key_of(ir, time), ir.i64(kUpdateAny)});
  ir.ret(ir.i64(0));
}

// `bytes` of the kernel's memory at `address` + `offset`, as an integer; 0 if they cannot be read.
IrValue kernel_word(Ir& ir, IrValue address, std::uint32_t offset, std::uint32_t bytes) {
  const IrValue slot = ir.stack_slot(bytes);
  ir.store(ir.integer(8 * bytes, 0), slot, bytes);
  ir.call(Helper::ProbeReadKernel, {slot, ir.i64(bytes), ir.add(address, offset)});
  return ir.load(8 * bytes, slot, bytes);
}

// sched_process_exit: of each thread. The kernel has counted it out of those of its process by then: nothing is left behind the last
// one, of which there are several if they end at the same time. Without type information the first thread stands for it.
void emit_exit(Module& module) {
  const TaskFilter& filter = module.manifest().filter;
  Ir& ir = module.ir();
  const IrValue ids = ir.call(Helper::GetCurrentPidTgid, {});
  const IrValue tgid = ir.binary(Op::LShr, ids, ir.i64(32));
  if (filter.task_signal_offset == 0) {
    const IrValue pid = ir.binary(Op::And, ids, ir.i64(0xffffffff));
    return forget_if(ir, ir.compare(Compare::Equal, pid, tgid), module.execs(), tgid);
  }
  const IrValue task = ir.call(Helper::GetCurrentTask, {});
  const IrValue signal = kernel_word(ir, task, filter.task_signal_offset, 8);
  const IrValue live = kernel_word(ir, signal, filter.signal_live_offset, 4);
  forget_if(ir, ir.logical_not(ir.is_nonzero(live)), module.execs(), tgid);
}

}  // namespace

void emit_task_filter(Function& f) {
  const TaskFilter& filter = f.module.manifest().filter;
  if (filter.by_pids()) {
    check_processes(f);
  } else {
    check_process(f);
  }
  if (filter.by_cgroup) check_cgroup(f);
  if (!filter.comms.empty()) check_comm(f, filter.comms);
}

void emit_watchers(Module& module) {
  struct Row {
    std::string_view event;
    void (*emit)(Module&);
  };
  static constexpr Row kBodies[] = {{"sched_process_fork", emit_fork},
                                    {"sched_process_free", emit_free},
                                    {"sched_process_exec", emit_exec},
                                    {"sched_process_exit", emit_exit}};
  for (const plan::BpfProgram& watcher : module.manifest().watchers) {
    const auto* row = std::ranges::find(kBodies, watcher.attach_points.front().symbol, &Row::event);
    SONDE_CHECK(row != std::end(kBodies));
    module.begin_program(watcher.name, watcher.section, module.plan().bodies.front()->location);
    row->emit(module);
  }
}

}  // namespace sonde::codegen
