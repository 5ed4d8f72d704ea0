// Stacks: ids in the stack maps, whose frames user space names when they are printed.
//
// The frames are read into scratch memory (bpf_get_stack(), 4.18) and kept in a hash of our own, once for each different stack.
// The kernel's map for stacks has one element for each value of a 32-bit hash: a second stack of that value is refused, and one
// map cannot serve different depths, for the frames beyond the limit would still tell two stacks apart.
#include "codegen/builtin/stack.h"

#include <cerrno>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/builtin/builtin.h"
#include "codegen/builtin/process.h"
#include "codegen/context/context.h"
#include "codegen/event.h"
#include "codegen/map_ops.h"
#include "codegen/stack_map.h"

namespace sonde::codegen {
namespace {

// The kernel's events for system calls.
bool is_at_system_call(const Function& f) {
  const std::string_view event = f.attach_point().symbol;
  switch (f.program.type) {
    case plan::ProgramType::SystemCall: return true;
    case plan::ProgramType::RawTracepoint:
    case plan::ProgramType::TracingRaw: return event == "sys_enter" || event == "sys_exit";
    default: return false;
  }
}

// Frames that are BPF's own at the start of kernel stacks are passed over: those of the kernel's way to the program, and each
// callback that is around the code.
std::uint64_t stack_flags(Function& f, bool is_user) {
  if (is_user) return kStackUser;
  std::uint64_t frames = context_access(f.program.type).own_frames + f.level();
  // Since 6.13 these may fault, for which __bpf_trace_sys_enter() does something behind its call: it has a frame of its own.
  if (is_at_system_call(f) && f.module.plan().target.has(plan::Feature::FaultableTracepoints))
    ++frames;
  return frames;
}

// The id of the current stack, as an i64: 0 if there is none, or if it is lost.
IrValue stack_id(Function& f, const types::Type& type) {
  Ir& ir = f.ir;
  const bool is_user = type.is(types::TypeKind::UserStack);
  const std::uint32_t limit = type.stack_limit();
  const std::uint32_t words = stack_words(limit);
  const Function::Mark mark = f.mark();
  const Memory frames = f.hidden(words * 8);
  // The helper sets what it is given, up to the limit.
  for (std::uint32_t i = limit; i < words; ++i)
    ir.store(ir.i64(0), ir.offset(frames.pointer, std::int64_t{8} * i), 8);
  const IrValue bytes = ir.call(Helper::GetStack, {f.context, frames.pointer, ir.i64(8ULL * limit),
                                                   ir.i64(stack_flags(f, is_user))});
  const IrValue id = ir.stack_scalar(64);
  ir.store(ir.i64(0), id, 8);
  const IrBlock taken = ir.block();
  const IrBlock failed = ir.block();
  const IrBlock done = ir.block();
  ir.branch(ir.compare(Compare::SGreater, bytes, ir.i64(0)), taken, failed);
  ir.enter(taken);
  ir.store(ir.call_function(keep_stack_function(f.module, words),
                            {frames.pointer, ir.binary(Op::LShr, bytes, ir.i64(3))}),
           id, 8);
  ir.jump(done);
  ir.enter(failed);
  // -EFAULT: there is no such stack here, e.g. a kernel stack of a sample taken in user mode. Nothing is lost then.
  const IrBlock lost = ir.block();
  const IrValue is_none =
      ir.binary(Op::Or, ir.compare(Compare::Equal, bytes, ir.i64(0)),
                ir.compare(Compare::Equal, bytes, ir.i64(static_cast<std::uint64_t>(-EFAULT))));
  ir.branch(is_none, done, lost);
  ir.enter(lost);
  report_failure(f, Helper::GetStack, bytes);
  count_loss(f, static_cast<std::uint32_t>(plan::Lost::Stacks));
  ir.jump(done);
  ir.enter(done);
  f.release(mark);
  return ir.load(64, id, 8);
}

Value emit_stack(Function& f, const types::Type* type, const Destination* to) {
  if (type->is(types::TypeKind::KernelStack)) return scalar_value(type, stack_id(f, *type));
  const Destination into = destination(f, to, type);
  f.ir.store(stack_id(f, *type), into.memory.pointer, 8);
  f.ir.store(process_word(f), at(f.ir, into.memory, 8).pointer, 8);
  return made_at(into);
}

}  // namespace

IrValue stack_depth(Function& f, const Value& stack) {
  const IrValue id =
      stack.is_scalar() ? stack.scalar : f.ir.load(64, in_memory(f, stack.place).pointer, 8);
  return f.ir.binary(Op::And, id, f.ir.i64((1U << plan::kStackIdBits) - 1));
}

namespace variable {
Value emit_KStack(Function& f, const VariableUse& use) { return emit_stack(f, use.type, use.to); }
Value emit_UStack(Function& f, const VariableUse& use) { return emit_stack(f, use.type, use.to); }
}  // namespace variable

namespace function {
Value emit_KStack(Function& f, const FunctionUse& use) {
  return emit_stack(f, use.call.type, use.to);
}
Value emit_UStack(Function& f, const FunctionUse& use) {
  return emit_stack(f, use.call.type, use.to);
}
}  // namespace function

}  // namespace sonde::codegen
