// Finds a node's handler, and makes of its value what is wanted.
#include "codegen/expression.h"

#include <algorithm>
#include <type_traits>

#include "ast/visit.h"
#include "base/check.h"
#include "builtins/tables.h"
#include "codegen/access.h"
#include "codegen/convert.h"

namespace sonde::codegen {
namespace {

template <class Node>
concept BuildsInPlace =
    requires(Function& f, Node& node, const Destination& to) { emit_node_into(f, node, to); };

// Whether the node's own bytes are those of the destination, so that it can be made there.
bool fits_in_place(const ast::Expression& expression, const Destination& to) {
  if (expression.type == to.type) return true;
  if (expression.kind == ast::NodeKind::Tuple) return to.type->is_tuple();
  if (expression.kind == ast::NodeKind::StringLiteral) return to.type->is_string();
  return expression.type->is_string() && to.type->is_string() &&
         expression.type->capacity() <= to.type->capacity();
}

bool is_sensitive(const ast::Expression* expression) {
  return expression != nullptr && has_effect(*expression);
}

bool any_effect(const std::vector<ast::Expression*>& expressions) {
  return std::any_of(expressions.begin(), expressions.end(), is_sensitive);
}

bool call_has_effect(const ast::Call& call) {
  if (call.c_function != nullptr) return true;
  if (call.function == nullptr) return false;
  return call.function->is(builtins::kEffect) || call.function->is(builtins::kVoid) ||
         any_effect(call.arguments);
}

}  // namespace

Value emit(Function& f, ast::Expression& expression) {
  SONDE_CHECK(expression.type != nullptr);
  const At at(f, expression.location);
  return ast::visit(expression, [&](auto& node) { return emit_node(f, node); });
}

IrValue emit_scalar(Function& f, ast::Expression& expression, const types::Type& as) {
  const Value value = emit(f, expression);
  const At at(f, expression.location);
  return to_scalar(f, value, as);
}

IrValue emit_condition(Function& f, ast::Expression& expression) {
  const Value value = emit(f, expression);
  const At at(f, expression.location);
  if (value.is_scalar()) return f.ir.is_nonzero(value.scalar);
  if (value.type->is_string())
    return f.ir.is_nonzero(f.ir.load(8, in_memory(f, value.place).pointer, 1));
  const IrValue number =
      f.ir.load(64, in_memory(f, value.place).pointer, std::min(8U, value.place.align));
  return f.ir.is_nonzero(number);
}

void emit_into(Function& f, ast::Expression& expression, const Destination& to) {
  const At at(f, expression.location);
  if (!expression.type->is_scalar() && fits_in_place(expression, to)) {
    const bool done = ast::visit(expression, [&](auto& node) {
      if constexpr (BuildsInPlace<std::remove_reference_t<decltype(node)>>) {
        emit_node_into(f, node, to);
        return true;
      } else {
        return false;
      }
    });
    if (done) return;
  }
  store(f, emit(f, expression), to);
}

Memory emit_in_memory(Function& f, ast::Expression& expression) {
  const Value value = emit(f, expression);
  if (!value.is_scalar()) return in_memory(f, value.place);
  const Memory memory = f.temporary(*expression.type);
  store(f, value, {memory, expression.type, Fill::Any});
  return memory;
}

bool has_effect(const ast::Expression& expression) {
  using ast::NodeKind;
  using ast::UnaryOp;
  switch (expression.kind) {
    case NodeKind::BlockExpression: return true;
    case NodeKind::Call: return call_has_effect(*ast::as<ast::Call>(&expression));
    case NodeKind::Unary: {
      const auto& unary = *ast::as<ast::Unary>(&expression);
      return unary.op >= UnaryOp::PreIncrement || has_effect(*unary.operand);
    }
    case NodeKind::Binary: {
      const auto& binary = *ast::as<ast::Binary>(&expression);
      return has_effect(*binary.left) || has_effect(*binary.right);
    }
    case NodeKind::Ternary: {
      const auto& ternary = *ast::as<ast::Ternary>(&expression);
      return has_effect(*ternary.condition) || is_sensitive(ternary.then_value) ||
             is_sensitive(ternary.else_value);
    }
    case NodeKind::Member: return has_effect(*ast::as<ast::Member>(&expression)->object);
    case NodeKind::Index: {
      const auto& index = *ast::as<ast::Index>(&expression);
      return has_effect(*index.object) || has_effect(*index.index);
    }
    case NodeKind::Cast: return has_effect(*ast::as<ast::Cast>(&expression)->value);
    case NodeKind::MapAccess: return is_sensitive(ast::as<ast::MapAccess>(&expression)->key);
    case NodeKind::Tuple: return any_effect(ast::as<ast::Tuple>(&expression)->elements);
    default: return false;
  }
}

}  // namespace sonde::codegen
