// The natural type of an expression, see promote.h: what its operands alone make of it.
#pragma once

#include "ast/ast.h"
#include "sema/promote.h"
#include "sema/session.h"

namespace sonde::sema {

// Of a checked expression. Follows only what can be wider than it looks: arithmetic, and what holds its results.
[[nodiscard]] const Type* natural(const Session& session, const ast::Expression& node);

// Of an operator on these; null if neither side has a type.
[[nodiscard]] const Type* natural_result(const Session& session, ast::BinaryOp op,
                                         const ast::Expression& left, const ast::Expression& right);

// The type of a checked expression in both views. Its type must be known.
[[nodiscard]] Given given(const Session& session, const ast::Expression& node);

}  // namespace sonde::sema
