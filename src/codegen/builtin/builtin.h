// One handler per row of builtins/variables.def and functions.def. A row without a handler does not link.
#pragma once

#include "ast/ast.h"
#include "builtins/tables.h"
#include "codegen/expression.h"
#include "codegen/function.h"

namespace sonde::codegen {

// Values that live in memory are made at `to` (as its type, which may be a longer string), or in a temporary if `to` is null.
Value emit_variable(Function& f, const builtins::Variable& variable, const types::Type* type,
                    const Destination* to);
Value emit_function(Function& f, ast::Call& call, const Destination* to);

// --- for handlers ---
struct VariableUse {
  const builtins::Variable& variable;
  const types::Type* type;  // As sema found it.
  const Destination* to;
};
struct FunctionUse {
  ast::Call& call;
  const Destination* to;
};

namespace variable {
#define SONDE_VARIABLE(Id, name, type, capability, kernel, doc) \
  Value emit_##Id(Function& f, const VariableUse& use);
#include "builtins/variables.def"
}  // namespace variable

namespace function {
#define SONDE_FUNCTION(Id, name, min, max, flags, kernel, signature, doc) \
  Value emit_##Id(Function& f, const FunctionUse& use);
#include "builtins/functions.def"
}  // namespace function

// The destination, or a temporary of `type`.
[[nodiscard]] Destination destination(Function& f, const Destination* to, const types::Type* type);
[[nodiscard]] Value made_at(const Destination& to);
[[nodiscard]] Value no_value(const types::Type* type);
// `number`, cut or extended to the type that sema gave the builtin.
[[nodiscard]] Value number(Function& f, const types::Type* type, IrValue value);

}  // namespace sonde::codegen
