// tracepoint:syscalls:*, by the raw tracepoints that the kernel itself makes these events from: sys_enter(regs, number) and
// sys_exit(regs, result), in include/trace/events/syscalls.h. One program sees all calls and finds its own by a table; the
// fields of the event's record are read from the registers of the caller. Offsets of registers: the kernel's
// arch/x86/include/asm/ptrace.h and arch/arm64/include/asm/ptrace.h.
#include <span>
#include <string>

#include "base/check.h"
#include "codegen/context/context.h"

namespace sonde::codegen {
namespace {

struct CallRegisters {
  std::span<const std::uint32_t> arguments;  // Offsets in struct pt_regs.
  std::uint32_t number;                      // Of the system call, kept until it returns.
  std::uint32_t number_bits;
  // Tells programs of 32 bits.
  std::uint32_t mode;
  std::uint32_t mode_bits;
  std::uint32_t mode_mask;
  std::uint32_t mode_of_32;
};

constexpr std::uint32_t kX86Arguments[] = {112, 104, 96, 56, 72, 64};  // rdi rsi rdx r10 r8 r9
constexpr std::uint32_t kArm64Arguments[] = {272, 8, 16, 24, 32, 40};  // orig_x0 x1 ... x5

// cs, which is __USER32_CS; pstate, which has PSR_MODE32_BIT.
constexpr CallRegisters kX86{kX86Arguments, 120, 64, 136, 16, 0xffff, 0x23};
constexpr CallRegisters kArm64{kArm64Arguments, 280, 32, 264, 64, 0x10, 0x10};

// The event's record: the number behind the common fields, then 8 bytes for each argument, or the result.
constexpr std::int64_t kNumberField = 8;
constexpr std::int64_t kFirstField = 16;

// More than any architecture has.
constexpr std::uint32_t kTableEntries = 512;

const CallRegisters& call_registers(Function& f) {
  return f.module.plan().target.arch == plan::Arch::X86_64 ? kX86 : kArm64;
}

bool at_entry(const Function& f) { return f.program.bound_to() == "sys_enter"; }

IrValue load_slot(Function& f, std::int64_t index) {
  return f.ir.load(64, f.ir.offset(f.context, index * 8), 8, Volatile::Yes);
}

// The verifier knows the type of the pointer: a plain load.
IrValue load_register(Function& f, std::uint32_t offset, std::uint32_t bits) {
  const IrValue registers = f.ir.to_pointer(load_slot(f, 0));
  const IrValue pointer = f.ir.offset(registers, static_cast<std::int64_t>(offset));
  return f.ir.resize(f.ir.load(bits, pointer, bits / 8, Volatile::Yes), 64, false);
}

IrValue call_number(Function& f) {
  if (at_entry(f)) return load_slot(f, 1);
  const CallRegisters& about = call_registers(f);
  return load_register(f, about.number, about.number_bits);
}

// The 8 bytes at `offset` of the event's record.
IrValue slot(Function& f, std::int64_t offset) {
  if (offset == kNumberField) return call_number(f);
  if (!at_entry(f)) return load_slot(f, 1);
  const auto index = static_cast<std::size_t>((offset - kFirstField) / 8);
  const CallRegisters& about = call_registers(f);
  SONDE_CHECK(offset >= kFirstField && index < about.arguments.size());
  return load_register(f, about.arguments[index], 64);
}

void go_on_if(Function& f, IrValue condition) {
  const IrBlock next = f.ir.block();
  f.ir.branch(condition, next, f.exit);
  f.ir.enter(next);
}

// By number the index of the attach point, counted from 1, as u16.
IrValue dispatch_table(Function& f) {
  std::string bytes(std::size_t{kTableEntries} * 2, '\0');
  std::uint32_t index = 0;
  for (const plan::AttachPoint& point : f.program.attach_points) {
    ++index;
    const std::size_t entry = std::size_t{*point.system_call} * 2;
    SONDE_CHECK(entry < bytes.size() && index < 1U << 16);
    bytes[entry] = static_cast<char>(index & 0xff);
    bytes[entry + 1] = static_cast<char>(index >> 8);
  }
  return f.module.literal(bytes);
}

// The entry of the call's number in the table.
IrValue table_entry(Function& f) {
  static_assert((kTableEntries & (kTableEntries - 1)) == 0);
  Ir& ir = f.ir;
  const IrValue index = ir.binary(Op::And, ir.opaque(call_number(f)), ir.i64(kTableEntries - 1));
  const IrValue entry = ir.offset(dispatch_table(f), ir.binary(Op::Shl, index, ir.i64(1)));
  return ir.resize(ir.load(16, entry, 2), 64, false);
}

IrValue place(Function& f) { return f.ir.add(table_entry(f), static_cast<std::uint64_t>(-1)); }

// x86: the instruction `syscall`, which makes calls of 64 bits only, leaves the caller's address in rcx and its flags in r11. That
// is seen without asking for the thread, which takes 16 ns.
void check_status(Function& f, std::uint32_t status_offset) {
  constexpr std::uint64_t kCompat = 2;  // TS_COMPAT in arch/x86/include/asm/thread_info.h.
  constexpr std::uint32_t kR11 = 48;
  constexpr std::uint32_t kRcx = 88;
  constexpr std::uint32_t kIp = 128;
  constexpr std::uint32_t kFlags = 144;
  Ir& ir = f.ir;
  const auto differs = [&](std::uint32_t a, std::uint32_t b) {
    return ir.binary(Op::Xor, load_register(f, a, 64), load_register(f, b, 64));
  };
  const IrBlock ask = ir.block();
  const IrBlock go_on = ir.block();
  const IrValue other = ir.binary(Op::Or, differs(kRcx, kIp), differs(kR11, kFlags));
  ir.branch(ir.is_nonzero(other), ask, go_on);
  ir.enter(ask);
  const IrValue task = ir.call(Helper::GetCurrentTaskBtf, {});
  const IrValue status =
      ir.load(32, ir.offset(task, std::int64_t{status_offset}), 4, Volatile::Yes);
  const IrValue compat = ir.binary(Op::And, ir.resize(status, 64, false), ir.i64(kCompat));
  ir.branch(ir.is_nonzero(compat), f.exit, go_on);
  ir.enter(go_on);
}

// Leaves if the call is one of those of 32 bits, which have numbers of their own: the kernel gives them no such events. A program
// of 64 bits can make them too, by `int 0x80` (x86): only the thread's status tells, not the registers.
void leave_compat_calls(Function& f) {
  if (const auto offset = f.module.plan().target.thread_status) return check_status(f, *offset);
  Ir& ir = f.ir;
  const CallRegisters& about = call_registers(f);
  const IrValue mode = load_register(f, about.mode, about.mode_bits);
  const IrValue masked = ir.binary(Op::And, mode, ir.i64(about.mode_mask));
  go_on_if(f, ir.compare(Compare::NotEqual, masked, ir.i64(about.mode_of_32)));
}

// Leaves if the call is none of the program's places.
void enter(Function& f) {
  Ir& ir = f.ir;
  const IrValue number = call_number(f);
  if (f.program.attach_points.size() == 1) {
    const IrValue wanted = ir.i64(*f.attach_point().system_call);
    go_on_if(f, ir.compare(Compare::Equal, number, wanted));
  } else {
    go_on_if(f, ir.compare(Compare::ULess, number, ir.i64(kTableEntries)));
    go_on_if(f, ir.is_nonzero(table_entry(f)));
  }
  leave_compat_calls(f);
}

}  // namespace

ContextAccess system_call_access() {
  return {.slot = slot, .enter = enter, .own_frames = 2, .place = place};
}

}  // namespace sonde::codegen
