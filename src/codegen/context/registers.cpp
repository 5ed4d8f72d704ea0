// kprobes and uprobes: the context is the CPU's registers, struct pt_regs. Who passes what where: plan/machine.h.
#include "base/check.h"
#include "codegen/access.h"
#include "codegen/context/context.h"
#include "codegen/context/entry_values.h"
#include "codegen/context/user_values.h"
#include "codegen/convert.h"
#include "plan/machine.h"

namespace sonde::codegen {
namespace {

plan::Arch arch_of(const Function& f) { return f.module.plan().target.arch; }

IrValue argument(Function& f, std::uint32_t index) {
  if (f.program.is_return) return kept_argument(f, index);
  return argument_at_entry(f, index);
}

Value result(Function& f, const types::Type* type) {
  if (!type->is_scalar()) return load(f, user_result(f));
  const IrValue value = load_register(f, plan::result_register(arch_of(f)));
  if (type->is(types::TypeKind::Bool))
    return scalar_value(type, f.ir.is_nonzero(f.ir.resize(value, 8, false)));
  return scalar_value(type, f.ir.resize(value, register_bits(*type), false));
}

void override_result(Function& f, IrValue result) {
  f.ir.call(Helper::OverrideReturn, {f.context, result});
}

}  // namespace

IrValue argument_at_entry(Function& f, std::uint32_t index) {
  if (!f.attach_point().usdt_arguments.empty()) return usdt_argument(f, index);
  const auto registers = plan::argument_registers(arch_of(f));
  if (index < registers.size()) return load_register(f, registers[index]);
  const auto in_memory_index = index - static_cast<std::uint32_t>(registers.size());
  const IrValue stack = load_register(f, plan::stack_pointer(arch_of(f)));
  const Memory slot = f.temporary(8);
  probe_read(f, f.default_space(), slot, f.ir.i64(8),
             f.ir.add(stack, plan::stack_skip(arch_of(f)) + 8ULL * in_memory_index));
  return f.ir.load(64, slot.pointer, 8);
}

IrValue load_register(Function& f, std::uint32_t offset) {
  return f.ir.load(64, f.ir.offset(f.context, std::int64_t{offset}), 8, Volatile::Yes);
}

IrValue stack_after_return(Function& f, bool has_returned) {
  const IrValue stack = load_register(f, plan::stack_pointer(arch_of(f)));
  return has_returned ? stack : f.ir.add(stack, plan::stack_skip(arch_of(f)));
}

ContextAccess registers_access() {
  return {.argument = argument, .result = result, .override = override_result};
}

}  // namespace sonde::codegen
