// Binds scratch variables to the declarations that they mean. A block is a scope; each probe stands alone.
#pragma once

#include "ast/ast.h"
#include "sema/session.h"

namespace sonde::sema {

// Sets ScratchVariable::variable in the whole probe. A variable is declared by `let` or by its first assignment, in the
// innermost block around it. Uses before that are reported and stay unbound (null).
void bind_variables(Session& session, ProbeFacts& probe);

}  // namespace sonde::sema
