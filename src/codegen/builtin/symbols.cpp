// Values that user space gives a name when it prints them.
#include "base/check.h"
#include "codegen/builtin/builtin.h"
#include "codegen/builtin/process.h"
#include "codegen/convert.h"

namespace sonde::codegen::function {

Value emit_KSym(Function& f, const FunctionUse& use) {
  return number(f, use.call.type, to_number(f, emit(f, *use.call.arguments[0])));
}

Value emit_USym(Function& f, const FunctionUse& use) {
  const Destination to = destination(f, use.to, use.call.type);
  f.ir.store(to_number(f, emit(f, *use.call.arguments[0])), to.memory.pointer, 8);
  f.ir.store(process_id(f), at(f.ir, to.memory, 8).pointer, 8);
  return made_at(to);
}

// The address is the host's: sema puts it in place of the call.
Value emit_KAddr(Function&, const FunctionUse&) { SONDE_UNREACHABLE(); }

Value emit_StrFTime(Function& f, const FunctionUse& use) {
  return number(f, use.call.type, to_number(f, emit(f, *use.call.arguments[1])));
}

}  // namespace sonde::codegen::function
