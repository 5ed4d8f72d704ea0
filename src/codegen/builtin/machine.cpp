// Time and CPUs.
#include "codegen/builtin/builtin.h"
#include "codegen/builtin/process.h"

namespace sonde::codegen::variable {

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
