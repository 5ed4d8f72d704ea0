// What the probe itself gives: arguments, result, names.
#include "base/check.h"
#include "builtins/probe_type.h"
#include "codegen/builtin/builtin.h"
#include "codegen/context/context.h"
#include "codegen/context/user_values.h"
#include "codegen/convert.h"
#include "codegen/strings.h"

namespace sonde::codegen::variable {
namespace {

Value argument(Function& f, const VariableUse& use, std::uint32_t index) {
  const ContextAccess& access = context_access(f.program.type);
  SONDE_CHECK(access.argument != nullptr);
  return number(f, use.type, access.argument(f, index));
}

// Each name takes as much as the type has room for, so that the index finds it.
Memory name_table(Function& f, std::uint32_t capacity, std::string plan::AttachPoint::* name) {
  const std::size_t stride = (capacity + 7) / 8 * 8;
  std::string bytes;
  for (const plan::AttachPoint& point : f.program.attach_points) {
    bytes += point.*name;
    bytes.resize((bytes.size() + stride - 1) / stride * stride);
  }
  bytes.resize(place_limit(f) * stride);
  const IrValue offset = f.ir.binary(Op::Mul, place_index(f), f.ir.i64(stride));
  return {f.ir.offset(f.module.literal(bytes), offset), 8};
}

Value text(Function& f, const VariableUse& use, std::string plan::AttachPoint::* name) {
  if (f.program.attach_points.size() > 1) {
    Place place;
    place.type = use.type;
    place.base = name_table(f, use.type->capacity(), name).pointer;
    place.is_zero_filled = true;
    if (use.to == nullptr) return memory_value(use.type, place);
    store_string(f, place, *use.to);
    return made_at(*use.to);
  }
  const Destination to = destination(f, use.to, use.type);
  store_literal(f, f.attach_point().*name, to);
  Value value = made_at(to);
  value.place.is_zero_filled = to.fill == Fill::Zero;
  return value;
}

}  // namespace

Value emit_Args(Function& f, const VariableUse& use) {
  if (has_user_arguments(f)) {
    const Destination to = destination(f, use.to, use.type);
    read_user_arguments(f, to.memory);
    return made_at(to);
  }
  const Value all = arguments(f, use.type);
  if (use.to == nullptr) return all;
  store(f, all, *use.to);
  return made_at(*use.to);
}

Value emit_Arg0(Function& f, const VariableUse& use) { return argument(f, use, 0); }
Value emit_Arg1(Function& f, const VariableUse& use) { return argument(f, use, 1); }
Value emit_Arg2(Function& f, const VariableUse& use) { return argument(f, use, 2); }
Value emit_Arg3(Function& f, const VariableUse& use) { return argument(f, use, 3); }
Value emit_Arg4(Function& f, const VariableUse& use) { return argument(f, use, 4); }
Value emit_Arg5(Function& f, const VariableUse& use) { return argument(f, use, 5); }
Value emit_Arg6(Function& f, const VariableUse& use) { return argument(f, use, 6); }
Value emit_Arg7(Function& f, const VariableUse& use) { return argument(f, use, 7); }
Value emit_Arg8(Function& f, const VariableUse& use) { return argument(f, use, 8); }
Value emit_Arg9(Function& f, const VariableUse& use) { return argument(f, use, 9); }
Value emit_Arg10(Function& f, const VariableUse& use) { return argument(f, use, 10); }
Value emit_Arg11(Function& f, const VariableUse& use) { return argument(f, use, 11); }

Value emit_Retval(Function& f, const VariableUse& use) {
  const ContextAccess& access = context_access(f.program.type);
  SONDE_CHECK(access.result != nullptr);
  return access.result(f, use.type);
}

Value emit_Func(Function& f, const VariableUse& use) {
  return text(f, use, &plan::AttachPoint::symbol);
}

Value emit_Probe(Function& f, const VariableUse& use) {
  return text(f, use, &plan::AttachPoint::name);
}

Value emit_ProbeType(Function& f, const VariableUse& use) {
  const Destination to = destination(f, use.to, use.type);
  store_literal(f, builtins::probe_type(f.kind()), to);
  Value value = made_at(to);
  value.place.is_zero_filled = to.fill == Fill::Zero;
  return value;
}

// In iterators it is another name of `args`.
Value emit_Ctx(Function& f, const VariableUse& use) {
  if (use.type->is_record()) return emit_Args(f, use);
  return number(f, use.type, f.ir.to_integer(f.context));
}

}  // namespace sonde::codegen::variable
