// Time, CPUs, registers, signals.
#include "plan/machine.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "codegen/builtin/builtin.h"
#include "codegen/builtin/process.h"
#include "codegen/context/context.h"
#include "codegen/convert.h"
#include "codegen/event.h"
#include "codegen/strings.h"

namespace sonde::codegen::function {

namespace {

IrValue read_Boot(Function& f) { return f.ir.call(Helper::KtimeGetBootNs, {}); }
IrValue read_Monotonic(Function& f) { return f.ir.call(Helper::KtimeGetNs, {}); }
IrValue read_Tai(Function& f) { return f.ir.call(Helper::KtimeGetTaiNs, {}); }
IrValue read_SwTai(Function& f) {
  const IrValue offset = constant_field(f, offsetof(plan::Constants, tai_offset_ns), 64);
  return f.ir.binary(Op::Add, read_Monotonic(f), offset);
}

struct Clock {
  std::string_view name;
  IrValue (*read)(Function& f);
};
constexpr Clock kClocks[] = {
#define SONDE_CLOCK(Id, name, feature) {name, read_##Id},
#include "plan/clocks.def"
};

const Clock& clock_of(const ast::Call& call) {
  if (call.arguments.empty()) return kClocks[0];
  const auto* word = ast::as<ast::Identifier>(call.arguments[0]);
  SONDE_CHECK(word != nullptr);
  const Clock* found = std::ranges::find(kClocks, word->name, &Clock::name);
  SONDE_CHECK(found != std::end(kClocks));
  return *found;
}

}  // namespace

Value emit_Nsecs(Function& f, const FunctionUse& use) {
  return number(f, use.call.type, clock_of(use.call).read(f));
}

Value emit_Reg(Function& f, const FunctionUse& use) {
  const auto name = constant_text(*use.call.arguments[0]);
  SONDE_CHECK(name.has_value());
  const auto offset = plan::register_offset(f.module.plan().target.arch, *name);
  SONDE_CHECK(offset.has_value());
  return number(f, use.call.type, load_register(f, *offset));
}

namespace {

Value send(Function& f, const FunctionUse& use, Helper helper) {
  const IrValue signal = to_number(f, emit(f, *use.call.arguments[0]));
  report_failure(f, helper, f.ir.call(helper, {signal}));
  return no_value(use.call.type);
}

}  // namespace

Value emit_Signal(Function& f, const FunctionUse& use) { return send(f, use, Helper::SendSignal); }
Value emit_SignalThread(Function& f, const FunctionUse& use) {
  return send(f, use, Helper::SendSignalThread);
}

}  // namespace sonde::codegen::function

namespace sonde::codegen::variable {

Value emit_Jiffies(Function& f, const VariableUse& use) {
  return number(f, use.type, f.ir.call(Helper::Jiffies64, {}));
}

// x86: the code segment's privilege level is 3. ARM64: the exception level in pstate is 0.
Value emit_UserMode(Function& f, const VariableUse& use) {
  const plan::Arch arch = f.module.plan().target.arch;
  const bool is_x86 = arch == plan::Arch::X86_64;
  const auto offset = plan::register_offset(arch, is_x86 ? "cs" : "pstate");
  SONDE_CHECK(offset.has_value());
  const IrValue level = f.ir.binary(Op::And, load_register(f, *offset), f.ir.i64(is_x86 ? 3 : 0xf));
  const IrValue is_user = f.ir.compare(Compare::Equal, level, f.ir.i64(is_x86 ? 3 : 0));
  return number(f, use.type, f.ir.resize(is_user, 64, false));
}

Value emit_Nsecs(Function& f, const VariableUse& use) {
  return number(f, use.type, f.ir.call(Helper::KtimeGetBootNs, {}));
}

Value emit_Elapsed(Function& f, const VariableUse& use) {
  const IrValue now = f.ir.call(Helper::KtimeGetBootNs, {});
  const IrValue start = constant_field(f, offsetof(plan::Constants, start_ns), 64);
  return number(f, use.type, f.ir.binary(Op::Sub, now, start));
}

Value emit_Cpu(Function& f, const VariableUse& use) {
  return number(f, use.type, f.ir.call(Helper::GetSmpProcessorId, {}));
}

Value emit_NumaId(Function& f, const VariableUse& use) {
  return number(f, use.type, f.ir.call(Helper::GetNumaNodeId, {}));
}

Value emit_NCpus(Function& f, const VariableUse& use) {
  return number(f, use.type, f.ir.i64(f.module.plan().target.cpus));
}

Value emit_Rand(Function& f, const VariableUse& use) {
  return number(f, use.type, f.ir.call(Helper::GetPrandomU32, {}));
}

}  // namespace sonde::codegen::variable
