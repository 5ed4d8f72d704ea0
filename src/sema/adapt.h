// Literals take the type of the place that they are put into.
#pragma once

#include "ast/ast.h"
#include "sema/promote.h"

namespace sonde::sema {

// Gives literals and tuple literals in `node`, as far as they fit, the type that their destination has.
void adapt(types::Context& types, ast::Expression& node, const Type* target);

}  // namespace sonde::sema
