// fentry and fexit: the context is an array of u64, the function's arguments and, for fexit, its result behind them. The
// arguments are typed (`args`); there is no arg0, arg1, ... lsm and fmod_ret: the same without the result.
#include "codegen/access.h"
#include "codegen/context/context.h"
#include "codegen/kept.h"

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

// An argument of a BPF program's function, by its slot.
IrValue function_argument(Function& f, std::int64_t offset) {
  const Memory to = f.temporary(8);
  f.ir.store(f.ir.i64(0), to.pointer, 8);
  f.ir.call(Helper::GetFuncArg,
            {f.context, f.ir.i64(static_cast<std::uint64_t>(offset) / 8), to.pointer});
  return f.ir.load(64, to.pointer, 8);
}

Value function_result(Function& f, const types::Type* type) {
  const Memory to = f.temporary(8);
  f.ir.store(f.ir.i64(0), to.pointer, 8);
  f.ir.call(Helper::GetFuncRet, {f.context, to.pointer});
  return scalar_value(type, f.ir.load(type->size() * 8, to.pointer, 8));
}

// The verifier of 6.12 wants to see that it is 0 or an error number. It knows the bounds of a difference, not those of a negation
// (before 6.17), which LLVM would make of a constant 0.
IrValue refusal(Function& f, IrValue verdict) {
  constexpr std::uint64_t kMostErrno = 4095;
  const IrValue number = f.ir.binary(Op::And, f.ir.opaque(verdict), f.ir.i64(kMostErrno));
  return f.ir.binary(Op::Sub, f.ir.opaque(f.ir.i64(0)), number);
}

// The program's result is that of the function.
void override_result(Function& f, IrValue result) {
  f.ir.store(result, kept(f, f.shared.verdict).pointer, 8);
}

}  // namespace

ContextAccess lsm_access() { return {.returned = refusal, .own_frames = kOwnFrames}; }

ContextAccess modify_return_access() {
  return {.override = override_result, .own_frames = kOwnFrames};
}

ContextAccess bpf_function_access() {
  return {.result = function_result, .slot = function_argument, .own_frames = kOwnFrames};
}

ContextAccess trampoline_access() {
  return {.argument = nullptr, .result = result, .own_frames = kOwnFrames};
}

}  // namespace sonde::codegen
