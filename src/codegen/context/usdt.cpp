// usdt: arguments of static probes lie wherever the compiler of the program had them: in registers, in memory, or in no place
// at all because they are constant. All places of a program agree in this: see same_arguments() in sema/programs.cpp.
#include "base/check.h"
#include "codegen/access.h"
#include "codegen/context/context.h"

namespace sonde::codegen {
namespace {

using plan::UsdtArgument;

IrValue address_of(Function& f, const UsdtArgument& argument) {
  Ir& ir = f.ir;
  IrValue address = ir.i64(static_cast<std::uint64_t>(argument.value));
  if (argument.base) address = ir.binary(Op::Add, load_register(f, *argument.base), address);
  if (argument.index) {
    const IrValue index = load_register(f, *argument.index);
    address = ir.binary(Op::Add, address, ir.binary(Op::Mul, index, ir.i64(argument.scale)));
  }
  return ir.resize(ir.resize(address, argument.address_bits, false), 64, false);
}

IrValue read(Function& f, const UsdtArgument& argument) {
  Ir& ir = f.ir;
  const std::uint32_t bits = argument.size * 8U;
  switch (argument.form) {
    case UsdtArgument::Form::Constant:
      return ir.resize(ir.i64(static_cast<std::uint64_t>(argument.value)), bits, false);
    case UsdtArgument::Form::Register: {
      const IrValue whole = load_register(f, *argument.base);
      return ir.resize(ir.binary(Op::LShr, whole, ir.i64(argument.shift)), bits, false);
    }
    case UsdtArgument::Form::Memory: {
      const Memory slot = f.temporary(8);
      probe_read(f, Space::User, slot, ir.i64(argument.size), address_of(f, argument));
      return ir.load(bits, slot.pointer, argument.size);
    }
    case UsdtArgument::Form::Unreadable: break;
  }
  SONDE_UNREACHABLE();  // An error of sema's.
}

}  // namespace

IrValue usdt_argument(Function& f, std::uint32_t index) {
  const UsdtArgument& argument = f.attach_point().usdt_arguments[index];
  return f.ir.resize(read(f, argument), 64, argument.is_signed);
}

}  // namespace sonde::codegen
