// What scratch variables hold: the join of all that they are given, or the type that is declared.
#pragma once

#include "ast/ast.h"
#include "sema/session.h"

namespace sonde::sema {

// The variable is set to `value`, which has been checked and has this type. Reports a conflict.
void set_variable(Session& session, ast::ScratchVariable& target, const Given& type,
                  ast::Expression& value);

// A variable is given values of this type by something else than an assignment. False after an error.
bool give_variable(Session& session, ast::ScratchVariable& target, const Type* type);

// Nothing sets the variable: it stays 0.
void give_zero(Session& session, ast::Variable& variable);

// The value is the literal 0, which any pointer may be set to.
[[nodiscard]] bool is_null_pointer(const ast::Expression& value, const Type* held);

}  // namespace sonde::sema
