// What is decided while compiling: a branch that cannot be reached is dropped before it is checked, for it may not compile
// there: `if (is_str($x)) { ... } else { ... }`. The tree is changed when the types are settled.
#pragma once

#include "ast/ast.h"
#include "sema/session.h"

namespace sonde::sema {

// True if a call in `node` waits for a type that is not known yet, or that an error has left unknown: neither branch may be
// looked at.
[[nodiscard]] bool is_undecided(ast::Expression& node);

// Replaces what turned out to be true or false by a literal, once the types are settled.
void settle(Session& session, ast::Expression*& slot, bool value);

}  // namespace sonde::sema
