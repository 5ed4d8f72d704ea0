// Expressions of the script -> values. One handler per node class, found through ast/nodes.def; see expression/.
#pragma once

#include "ast/ast.h"
#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

// Where a value that lives in memory is to be made, so that map keys and event fields are written once.
struct Destination {
  Memory memory;
  const types::Type* type = nullptr;
  Fill fill = Fill::Any;
};

[[nodiscard]] Value emit(Function& f, ast::Expression& expression);
// Converted to `as`, which is scalar.
[[nodiscard]] IrValue emit_scalar(Function& f, ast::Expression& expression, const types::Type& as);
// True if the value is not 0 (a string: not empty).
[[nodiscard]] IrValue emit_condition(Function& f, ast::Expression& expression);
// Converted to the destination's type.
void emit_into(Function& f, ast::Expression& expression, const Destination& to);
// For the effect alone.
void emit_effect(Function& f, ast::Expression& expression);
// A value that lives in BPF memory; made in a temporary if it does not yet.
[[nodiscard]] Memory emit_in_memory(Function& f, ast::Expression& expression);

// True if evaluating it does more than giving a value: it must happen even where the value is not wanted.
[[nodiscard]] bool has_effect(const ast::Expression& expression);

// Where the variable, element or field lies, as an i64 that the verifier knows for a pointer if it is one of BPF memory.
[[nodiscard]] IrValue emit_address(Function& f, ast::Expression& operand);
// `&operand`: a plain number to the verifier.
[[nodiscard]] Value emit_address_of(Function& f, ast::Unary& node);

// --- one handler per node class; what has none of the second form is made by the first and stored ---
#define SONDE_EXPRESSION(Class) [[nodiscard]] Value emit_node(Function& f, ast::Class& node);
#define SONDE_STATEMENT(Class)
#include "ast/nodes.def"

void emit_node_into(Function& f, ast::StringLiteral& node, const Destination& to);
void emit_node_into(Function& f, ast::Identifier& node, const Destination& to);
void emit_node_into(Function& f, ast::Call& node, const Destination& to);
void emit_node_into(Function& f, ast::Ternary& node, const Destination& to);
void emit_node_into(Function& f, ast::Tuple& node, const Destination& to);
void emit_node_into(Function& f, ast::BlockExpression& node, const Destination& to);

}  // namespace sonde::codegen
