#include "codegen/c_call.h"

#include <vector>

#include "base/check.h"
#include "codegen/builtin/builtin.h"
#include "codegen/expression.h"
#include "plan/c_object.h"

namespace sonde::codegen {
namespace {

// What C finds in the register: a number widened by the parameter's sign, or a pointer that the verifier goes on to follow.
IrValue argument(Function& f, ast::Expression& expression, const types::Type& as) {
  // A text is handed over where it lies.
  if (as.is_pointer() && expression.type->is_string())
    return f.ir.to_integer(emit_in_memory(f, expression).pointer);
  auto* unary = ast::as<ast::Unary>(&expression);
  if (unary != nullptr && unary->op == ast::UnaryOp::AddressOf)
    return emit_address(f, *unary->operand);
  return f.ir.resize(emit_scalar(f, expression, as), 64, as.is_integral() && as.is_signed());
}

}  // namespace

Value emit_c_call(Function& f, ast::Call& node) {
  SONDE_CHECK(node.c_function != nullptr);
  const plan::CFunction& function = *node.c_function;
  std::vector<IrValue> arguments;
  for (std::size_t i = 0; i < node.arguments.size(); ++i)
    arguments.push_back(argument(f, *node.arguments[i], *function.parameters[i]));
  const IrValue result = f.ir.call_function(c_function(f.module, function), arguments);
  if (node.type->is_void()) return no_value(node.type);
  // The upper bits of a narrow result mean nothing.
  const IrValue bits = f.ir.resize(result, node.type->size() * 8, false);
  return node.type->is_pointer() ? scalar_value(node.type, bits) : number(f, node.type, bits);
}

}  // namespace sonde::codegen
