// fentry and fexit: the context is an array of u64, the function's arguments and, for fexit, its result behind them. The
// arguments are typed (`args`); there is no arg0, arg1, ... lsm: the same without the result.
#include "codegen/access.h"
#include "codegen/context/context.h"

namespace sonde::codegen {
namespace {

// The program and its trampoline.
constexpr std::uint32_t kOwnFrames = 2;

Value result(Function& f, const types::Type* type) {
  const types::Type* args = f.attach_point().args;
  Place place;
  place.type = type;
  place.space = Space::Context;
  place.base = f.context;
  place.offset = args != nullptr ? args->size() : 0;
  return load(f, place);
}

// The verifier of 6.12 wants to see that it is 0 or an error number. It knows the bounds of a difference, not those of a negation
// (before 6.17), which LLVM would make of a constant 0.
IrValue refusal(Function& f, IrValue verdict) {
  constexpr std::uint64_t kMostErrno = 4095;
  const IrValue number = f.ir.binary(Op::And, f.ir.opaque(verdict), f.ir.i64(kMostErrno));
  return f.ir.binary(Op::Sub, f.ir.opaque(f.ir.i64(0)), number);
}

}  // namespace

ContextAccess lsm_access() { return {.returned = refusal, .own_frames = kOwnFrames}; }

ContextAccess trampoline_access() {
  return {.argument = nullptr, .result = result, .own_frames = kOwnFrames};
}

}  // namespace sonde::codegen
