// The tree as a script again, for trees that no text belongs to: after macros, imports and the like.
#pragma once

#include <string>

#include "ast/ast.h"

namespace sonde::ast {

// A script that parses to an equal tree (ast/equal.h). Parentheses stand where precedence asks for them; the layout is
// plain: the formatter makes it pretty.
[[nodiscard]] std::string source_text(const Program& program);

// The same without imports and macros, for a tree that has what they stand for.
[[nodiscard]] std::string expanded_source_text(const Program& program);

}  // namespace sonde::ast
