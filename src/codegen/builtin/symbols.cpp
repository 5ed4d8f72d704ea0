// Values that user space gives a name when it prints them.
#include "base/check.h"
#include "codegen/access.h"
#include "codegen/builtin/builtin.h"
#include "codegen/builtin/process.h"
#include "codegen/context/context.h"
#include "codegen/convert.h"
#include "codegen/strings.h"
#include "plan/machine.h"

namespace sonde::codegen::function {

Value emit_KSym(Function& f, const FunctionUse& use) {
  return number(f, use.call.type, to_number(f, emit(f, *use.call.arguments[0])));
}

Value emit_USym(Function& f, const FunctionUse& use) {
  const Destination to = destination(f, use.to, use.call.type);
  f.ir.store(to_number(f, emit(f, *use.call.arguments[0])), to.memory.pointer, 8);
  f.ir.store(process_word(f), at(f.ir, to.memory, 8).pointer, 8);
  return made_at(to);
}

// The address is the host's: sema puts it in place of the call.
Value emit_KAddr(Function&, const FunctionUse&) { SONDE_UNREACHABLE(); }

// The instruction of the probe is at a known distance. At a return it is not the current one: the helper knows of probes in programs
// since 6.6, and says 0 before.
Value emit_UAddr(Function& f, const FunctionUse& use) {
  const auto name = constant_text(*use.call.arguments[0]);
  SONDE_CHECK(name.has_value());
  const plan::ProgramSymbol& symbol = f.attach_point().symbols.at(std::string(*name));
  if (symbol.address) return scalar_value(use.call.type, f.ir.i64(*symbol.address));
  const plan::Arch arch = f.module.plan().target.arch;
  const IrValue here = f.program.is_return ? f.ir.call(Helper::GetFuncIp, {f.context})
                                           : load_register(f, plan::instruction_pointer(arch));
  const IrValue address = f.ir.add(here, symbol.distance);
  return scalar_value(use.call.type, f.ir.select(f.ir.is_nonzero(here), address, f.ir.i64(0)));
}

// The kernel moves each CPU's copy of its variables by a distance of its own.
Value emit_PerCpuKAddr(Function& f, const FunctionUse& use) {
  const auto& arguments = use.call.arguments;
  const auto* addresses = ast::as<ast::Tuple>(arguments[0]);
  SONDE_CHECK(addresses != nullptr && addresses->elements.size() == 2);
  const auto literal = [&](std::size_t index) {
    return ast::as<ast::IntegerLiteral>(addresses->elements[index])->value;
  };
  const bool is_given = arguments.size() > 1;
  const IrValue cpu = is_given ? f.ir.resize(to_number(f, emit(f, *arguments[1])), 64, false)
                               : f.ir.resize(f.ir.call(Helper::GetSmpProcessorId, {}), 64, false);
  const IrValue entry =
      f.ir.add(f.ir.binary(Op::Mul, cpu, f.ir.i64(sizeof(std::uint64_t))), literal(1));
  const Memory distance = f.temporary(*f.module.manifest().types->uint64());
  probe_read(f, Space::Kernel, distance, f.ir.i64(sizeof(std::uint64_t)), entry);
  const IrValue address = f.ir.add(f.ir.load(64, distance.pointer, 8), literal(0));
  if (!is_given) return scalar_value(use.call.type, address);
  const IrValue cpus = f.ir.i64(f.module.plan().target.cpus);
  const IrValue known = f.ir.compare(Compare::ULess, cpu, cpus);
  return scalar_value(use.call.type, f.ir.select(known, address, f.ir.i64(0)));
}

Value emit_StrFTime(Function& f, const FunctionUse& use) {
  return number(f, use.call.type, to_number(f, emit(f, *use.call.arguments[1])));
}

}  // namespace sonde::codegen::function
