#include "codegen/builtin/process.h"

#include "codegen/access.h"
#include "codegen/builtin/builtin.h"
#include "codegen/convert.h"
#include "codegen/map_ops.h"
#include "codegen/strings.h"

namespace sonde::codegen {

// Volatile: the initial value in the object is not the one that the programs see.
IrValue constant_field(Function& f, std::uint32_t offset, std::uint32_t bits) {
  return f.ir.load(bits, f.module.constant_address(offset), bits / 8, Volatile::Yes);
}

namespace {

// The verifier knows the constant and drops the branch that is not taken: in the initial namespace this is one plain call.
IrValue ask_pid_tgid(Function& f) {
  Ir& ir = f.ir;
  const IrValue inode = constant_field(f, offsetof(plan::Constants, pidns_ino), 64);
  const IrBlock in_namespace = ir.block();
  const IrBlock plain = ir.block();
  const IrBlock done = ir.block();
  ir.branch(ir.is_nonzero(inode), in_namespace, plain);

  ir.enter(in_namespace);
  // struct bpf_pidns_info { u32 pid, tgid; }: zeros for a thread of another namespace. On the stack in any case: this may
  // stand in the prologue, where there is no scratch memory yet.
  const Memory ids{ir.stack_slot(8), 8};
  zero(f, ids, 8);
  const IrValue device = constant_field(f, offsetof(plan::Constants, pidns_dev), 64);
  ir.call(Helper::GetNsCurrentPidTgid, {device, inode, ids.pointer, ir.i64(8)});
  const IrValue seen_inside =
      ir.load(64, ids.pointer, 8);  // pid is the lower half, as in the plain helper's result.
  ir.jump(done);

  ir.enter(plain);
  const IrValue seen_outside = ir.call(Helper::GetCurrentPidTgid, {});
  ir.jump(done);
  ir.enter(done);
  return ir.phi(seen_inside, in_namespace, seen_outside, plain);
}

}  // namespace

// A program that asks once asks where it wants to know, behind its conditions.
IrValue pid_tgid(Function& f) {
  if (!f.shares_pid_tgid) return ask_pid_tgid(f);
  return f.once(f.pid_tgid, [&] { return ask_pid_tgid(f); });
}

IrValue process_id(Function& f) { return f.ir.binary(Op::LShr, pid_tgid(f), f.ir.i64(32)); }

IrValue process_word(Function& f) {
  Ir& ir = f.ir;
  const IrValue pid = process_id(f);
  if (!f.module.manifest().names_user_code) return pid;
  const IrValue key = ir.stack_slot(4);
  const IrValue initial = ir.call(Helper::GetCurrentPidTgid, {});
  ir.store(ir.resize(ir.binary(Op::LShr, initial, ir.i64(32)), 32, false), key, 4);
  const IrValue word = ir.stack_scalar(64);
  ir.store(pid, word, 8);
  if_not_null(f, ir.call(Helper::MapLookup, {f.module.execs(), key}), [&](IrValue found) {
    const IrValue time = ir.resize(ir.load(32, found, 4, Volatile::Yes), 64, false);
    ir.store(ir.binary(Op::Or, pid, ir.binary(Op::Shl, time, ir.i64(32))), word, 8);
  });
  return ir.load(64, word, 8);
}

namespace variable {

Value emit_Pid(Function& f, const VariableUse& use) { return number(f, use.type, process_id(f)); }

Value emit_Tid(Function& f, const VariableUse& use) {
  return number(f, use.type, f.ir.binary(Op::And, pid_tgid(f), f.ir.i64(0xffffffff)));
}

Value emit_Uid(Function& f, const VariableUse& use) {
  const IrValue ids = f.ir.call(Helper::GetCurrentUidGid, {});
  return number(f, use.type, f.ir.binary(Op::And, ids, f.ir.i64(0xffffffff)));
}

Value emit_Gid(Function& f, const VariableUse& use) {
  const IrValue ids = f.ir.call(Helper::GetCurrentUidGid, {});
  return number(f, use.type, f.ir.binary(Op::LShr, ids, f.ir.i64(32)));
}

Value emit_Username(Function& f, const VariableUse& use) { return emit_Uid(f, use); }

Value emit_Comm(Function& f, const VariableUse& use) {
  constexpr std::uint32_t kCommBytes = 16;  // TASK_COMM_LEN
  const Destination to = destination(f, use.to, use.type);
  // Before Linux 6.2 or so the helper leaves the bytes behind the NUL as they are: in a key they would tell equal names apart.
  if (to.fill == Fill::Zero) zero(f, to.memory, to.type->size());
  f.ir.call(Helper::GetCurrentComm, {to.memory.pointer, f.ir.i64(kCommBytes)});
  mark_end(f, to, types::kWhole);
  Value value = made_at(to);
  value.place.is_zero_filled = to.fill == Fill::Zero;
  return value;
}

Value emit_CurTask(Function& f, const VariableUse& use) {
  return number(f, use.type, f.ir.call(Helper::GetCurrentTask, {}));
}

Value emit_Cgroup(Function& f, const VariableUse& use) {
  return number(f, use.type, f.ir.call(Helper::GetCurrentCgroupId, {}));
}

Value emit_CPid(Function& f, const VariableUse& use) {
  return number(f, use.type, constant_field(f, offsetof(plan::Constants, child_pid), 32));
}

Value emit_HasCPid(Function& f, const VariableUse& use) {
  return number(f, use.type, constant_field(f, offsetof(plan::Constants, child_pid), 32));
}

}  // namespace variable

namespace function {
namespace {

// Process id in the upper, thread id in the lower half, in the namespace that the call names.
IrValue ids(Function& f, const FunctionUse& use) {
  const auto* word =
      use.call.arguments.empty() ? nullptr : ast::as<ast::Identifier>(use.call.arguments[0]);
  const bool is_initial = word != nullptr && word->name == "init";
  return is_initial ? f.ir.call(Helper::GetCurrentPidTgid, {}) : pid_tgid(f);
}

Value in_space(Function& f, const FunctionUse& use) {
  return scalar_value(use.call.type, emit(f, *use.call.arguments[0]).scalar);
}

}  // namespace

Value emit_Pid(Function& f, const FunctionUse& use) {
  return number(f, use.call.type, f.ir.binary(Op::LShr, ids(f, use), f.ir.i64(32)));
}

Value emit_Tid(Function& f, const FunctionUse& use) {
  return number(f, use.call.type, f.ir.binary(Op::And, ids(f, use), f.ir.i64(0xffffffff)));
}

// Sema has put the variable in the place of a call without arguments.
Value emit_Comm(Function& f, const FunctionUse& use) {
  return number(f, use.call.type, to_number(f, emit(f, *use.call.arguments[0])));
}

// The pointer is one that the verifier knows the type of, or null. The helper gives the socket its number if it has none yet.
Value emit_SocketCookie(Function& f, const FunctionUse& use) {
  const IrValue socket = emit(f, *use.call.arguments[0]).scalar;
  return number(f, use.call.type, f.ir.call(Helper::GetSocketCookie, {socket}));
}

Value emit_KPtr(Function& f, const FunctionUse& use) { return in_space(f, use); }
Value emit_UPtr(Function& f, const FunctionUse& use) { return in_space(f, use); }

}  // namespace function
}  // namespace sonde::codegen
