// `#define NAME(parameters) body` of a script, called in its probes. Internal to resolve.
#pragma once

#include "ast/ast.h"
#include "diag/emitter.h"
#include "diag/source.h"

namespace sonde::resolve {

// Makes macros of the language of those that are called: they are hygienic, count their arguments and refuse recursion.
// What a body stands for has to be an expression of the language.
void add_c_macros(ast::Program& program, diag::Sources& sources, diag::Emitter& emitter);

}  // namespace sonde::resolve
