#include "base/check.h"
#include "codegen/builtin/builtin.h"

namespace sonde::codegen {
namespace {

using VariableHandler = Value (*)(Function&, const VariableUse&);
using FunctionHandler = Value (*)(Function&, const FunctionUse&);

constexpr VariableHandler kVariables[] = {
#define SONDE_VARIABLE(Id, name, type, capability, kernel, doc) &variable::emit_##Id,
#include "builtins/variables.def"
};

// The flags as functions.def writes them.
using builtins::kAggregation;
using builtins::kAsksPid;
using builtins::kAsksThread;
using builtins::kCompileTime;
using builtins::kDecides;
using builtins::kEffect;
using builtins::kKeepsText;
using builtins::kLeaves;
using builtins::kNone;
using builtins::kUnsafe;
using builtins::kVerdict;
using builtins::kVoid;

// Aggregations are statements of their own (aggregation.h), and what sema folds never gets here.
constexpr FunctionHandler kFunctions[] = {
#define SONDE_FUNCTION(Id, name, min, max, flags, kernel, signature, doc)        \
  [](Function& f, const FunctionUse& use) -> Value {                             \
    if constexpr ((std::uint32_t{flags} & (kAggregation | kCompileTime)) != 0) { \
      SONDE_UNREACHABLE();                                                       \
    } else {                                                                     \
      return function::emit_##Id(f, use);                                        \
    }                                                                            \
  },
#include "builtins/functions.def"
};

}  // namespace

Value emit_variable(Function& f, const builtins::Variable& variable, const types::Type* type,
                    const Destination* to) {
  return kVariables[static_cast<std::size_t>(variable.id)](f, {variable, type, to});
}

Value emit_function(Function& f, ast::Call& call, const Destination* to) {
  SONDE_CHECK(call.function != nullptr);
  return kFunctions[static_cast<std::size_t>(call.function->id)](f, {call, to});
}

Destination destination(Function& f, const Destination* to, const types::Type* type) {
  return to != nullptr ? *to : Destination{f.temporary(*type), type, Fill::Any};
}

Value made_at(const Destination& to) { return memory_value(to.type, to.memory); }

Value no_value(const types::Type* type) {
  return Value{.type = type, .scalar = nullptr, .place = {}, .is_trusted = false};
}

Value number(Function& f, const types::Type* type, IrValue value) {
  if (type->is(types::TypeKind::Bool)) return scalar_value(type, f.ir.is_nonzero(value));
  return scalar_value(type, f.ir.resize(value, register_bits(*type), type->is_signed()));
}

}  // namespace sonde::codegen
