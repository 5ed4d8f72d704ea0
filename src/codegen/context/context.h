// What a probe finds when it fires: its arguments and result, by type of BPF program. One file per kind of context.
#pragma once

#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

struct ContextAccess {
  // Argument `index` as an i64: arg0, arg1, ...
  IrValue (*argument)(Function& f, std::uint32_t index) = nullptr;
  // The result of the traced function, as an i64 or, where its type is known, a value of that type.
  Value (*result)(Function& f, const types::Type* type) = nullptr;
};

// A null member: programs of this type have no such thing, and sema does not let a script use it.
[[nodiscard]] const ContextAccess& context_access(plan::ProgramType type);

// --- one per context of plan/program_types.def ---
[[nodiscard]] ContextAccess nothing_access();
[[nodiscard]] ContextAccess slots_access();       // raw tracepoints
[[nodiscard]] ContextAccess registers_access();   // kprobes and uprobes: struct pt_regs
[[nodiscard]] ContextAccess trampoline_access();  // fentry and fexit

// `args`: the place of the arguments' record.
[[nodiscard]] Value arguments(Function& f, const types::Type* type);

}  // namespace sonde::codegen
