// What binary operators take and make. Pure but for the diagnostics: operands come in with their types.
#pragma once

#include "ast/ast.h"
#include "sema/session.h"

namespace sonde::sema {

inline constexpr const char* kFloatHint =
    "programs in the kernel cannot calculate with it: it can be kept and printed";

// Exact type of an operator for arithmetic or bits, also of a compound assignment's. Null after an error.
const Type* operator_result(Session& session, ast::BinaryOp op, const Location& where,
                            ast::Expression& left, ast::Expression& right);

// A literal above 32 bits is unsigned by itself. Beside an operand with a sign it is int64 if that holds it.
void sign_literals(Session& session, ast::Expression& left, ast::Expression& right);

// True if values of the operand below zero turn into large ones when it becomes uint64.
[[nodiscard]] bool loses_sign(const Session& session, const ast::Expression& operand);

// Reports operands that the operator does not take; null.
const Type* bad_operands(Session& session, ast::BinaryOp op, const Location& where,
                         const Type* left, const Type* right);

}  // namespace sonde::sema
