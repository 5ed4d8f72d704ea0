// Macros: definitions are checked, calls are replaced by copies of the bodies.
#pragma once

#include "ast/ast.h"
#include "diag/emitter.h"
#include "diag/source.h"

namespace sonde::resolve {

// Puts the bodies of macros in the place of their calls in all probes; the macros themselves stay as written. Code that a
// macro brings in lies in an expansion of `sources`, its own variables carry the number of the call. Reports wrong
// definitions, whether they are called or not, and calls that fit none.
void expand_macros(ast::Program& program, diag::Sources& sources, diag::Emitter& emitter);

}  // namespace sonde::resolve
