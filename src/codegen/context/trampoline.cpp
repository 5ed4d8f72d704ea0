// fentry and fexit: the context is an array of u64, the function's arguments and, for fexit, its result behind them.
#include "codegen/access.h"
#include "codegen/context/context.h"

namespace sonde::codegen {
namespace {

IrValue argument(Function& f, std::uint32_t index) {
  return f.ir.load(64, f.ir.offset(f.context, std::int64_t{8} * index), 8, Volatile::Yes);
}

Value result(Function& f, const types::Type* type) {
  const types::Type* args = f.attach_point().args;
  Place place;
  place.type = type;
  place.space = Space::Context;
  place.base = f.context;
  place.offset = args != nullptr ? args->size() : 0;
  return load(f, place);
}

// 5.15. For a program without attach cookies the kernel knows the function by its trampoline.
IrValue function_address(Function& f) { return f.ir.call(Helper::GetFuncIp, {f.context}); }

}  // namespace

ContextAccess trampoline_access() {
  return {.argument = argument, .result = result, .function_address = function_address};
}

}  // namespace sonde::codegen
