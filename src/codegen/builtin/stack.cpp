// Stacks: ids in the stack map, whose frames user space names when they are printed.
#include <cerrno>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/builtin/builtin.h"
#include "codegen/builtin/process.h"
#include "codegen/builtin/stack.h"
#include "codegen/event.h"
#include "codegen/map_ops.h"

namespace sonde::codegen {
namespace {

// The id of the current stack, as an i64. Negative if the map is full or, for user stacks, there is none.
IrValue stack_id(Function& f, bool is_user) {
  const std::uint64_t flags = kStackFastCompare | (is_user ? kStackUser : 0);
  const IrValue id = f.ir.call(Helper::GetStackId, {f.context, f.module.stacks(), f.ir.i64(flags)});
  const IrBlock failed = f.ir.block();
  const IrBlock done = f.ir.block();
  f.ir.branch(f.ir.compare(Compare::SLess, id, f.ir.i64(0)), failed, done);
  f.ir.enter(failed);
  // -EFAULT: there is no such stack here, e.g. a kernel stack of a sample taken in user mode. Nothing is lost then.
  const IrBlock lost = f.ir.block();
  f.ir.branch(f.ir.compare(Compare::Equal, id, f.ir.i64(static_cast<std::uint64_t>(-EFAULT))), done,
              lost);
  f.ir.enter(lost);
  report_failure(f, Helper::GetStackId, id);
  count_loss(f, static_cast<std::uint32_t>(plan::Lost::Stacks));
  f.ir.jump(done);
  f.ir.enter(done);
  return id;
}

Value emit_stack(Function& f, const types::Type* type, const Destination* to) {
  if (type->is(types::TypeKind::KernelStack)) return scalar_value(type, stack_id(f, false));
  const Destination into = destination(f, to, type);
  f.ir.store(stack_id(f, true), into.memory.pointer, 8);
  f.ir.store(process_id(f), at(f.ir, into.memory, 8).pointer, 8);
  return made_at(into);
}

}  // namespace

IrValue stack_depth(Function& f, const types::Type& type) {
  const std::uint32_t frames =
      std::min(type.stack_limit() == 0 ? f.module.manifest().stack_depth : type.stack_limit(),
               f.module.manifest().stack_depth);
  const Memory buffer = f.temporary(frames * 8);
  const IrValue flags = f.ir.i64(type.is(types::TypeKind::UserStack) ? kStackUser : 0);
  const IrValue bytes =
      f.ir.call(Helper::GetStack, {f.context, buffer.pointer, f.ir.i64(8ULL * frames), flags});
  const IrValue failed = f.ir.compare(Compare::SLess, bytes, f.ir.i64(0));
  return f.ir.select(failed, f.ir.i64(0), f.ir.binary(Op::LShr, bytes, f.ir.i64(3)));
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
