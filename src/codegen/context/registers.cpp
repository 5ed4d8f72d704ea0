// kprobes and uprobes: the context is the CPU's registers, struct pt_regs. Offsets: the kernel's
// arch/x86/include/asm/ptrace.h and arch/arm64/include/uapi/asm/ptrace.h. Who passes what where: the System V ABI for x86-64
// (section 3.2.3) and the procedure call standard for AArch64 (section 6.8).
#include <span>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/context/context.h"
#include "codegen/context/entry_values.h"
#include "codegen/convert.h"

namespace sonde::codegen {
namespace {

struct Registers {
  std::span<const std::uint32_t> arguments;  // Offsets of the registers that hold arguments.
  std::uint32_t result = 0;
  std::uint32_t stack_pointer = 0;
  std::uint32_t stack_skip =
      0;  // Bytes between the stack pointer at the function's entry and its first stacked argument.
};

constexpr std::uint32_t kX86Arguments[] = {112, 104, 96, 88, 72, 64};  // rdi rsi rdx rcx r8 r9
constexpr std::uint32_t kArm64Arguments[] = {0, 8, 16, 24, 32, 40, 48, 56};

const Registers& registers(plan::Arch arch) {
  static constexpr Registers kX86{kX86Arguments, 80, 152, 8};  // The return address lies on top.
  static constexpr Registers kArm64{kArm64Arguments, 0, 248, 0};
  switch (arch) {
    case plan::Arch::X86_64: return kX86;
    case plan::Arch::Aarch64: return kArm64;
  }
  SONDE_UNREACHABLE();
}

const Registers& registers(Function& f) { return registers(f.module.plan().target.arch); }

IrValue argument(Function& f, std::uint32_t index) {
  if (f.program.is_return) return kept_argument(f, index);
  if (!f.attach_point().usdt_arguments.empty()) return usdt_argument(f, index);
  const Registers& about = registers(f);
  if (index < about.arguments.size()) return load_register(f, about.arguments[index]);
  const auto in_memory_index = index - static_cast<std::uint32_t>(about.arguments.size());
  const IrValue stack = load_register(f, about.stack_pointer);
  const Memory slot = f.temporary(8);
  probe_read(f, f.default_space(), slot, f.ir.i64(8),
             f.ir.add(stack, about.stack_skip + 8ULL * in_memory_index));
  return f.ir.load(64, slot.pointer, 8);
}

Value result(Function& f, const types::Type* type) {
  const IrValue value = load_register(f, registers(f).result);
  if (type->is(types::TypeKind::Bool))
    return scalar_value(type, f.ir.is_nonzero(f.ir.resize(value, 8, false)));
  return scalar_value(type, f.ir.resize(value, register_bits(*type), false));
}

}  // namespace

IrValue load_register(Function& f, std::uint32_t offset) {
  return f.ir.load(64, f.ir.offset(f.context, std::int64_t{offset}), 8, Volatile::Yes);
}

IrValue stack_after_return(Function& f, bool has_returned) {
  const Registers& about = registers(f);
  const IrValue stack = load_register(f, about.stack_pointer);
  return has_returned ? stack : f.ir.add(stack, about.stack_skip);
}

ContextAccess registers_access() { return {.argument = argument, .result = result}; }

}  // namespace sonde::codegen
