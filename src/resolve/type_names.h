// Type names of the script -> types.
#pragma once

#include "ast/ast.h"
#include "resolve/definitions.h"

namespace sonde::resolve {

// Fills in `type` of every TypeName in the program. Pointers come with AddressSpace::Unknown: where they point depends on
// the probe, which sema knows.
void resolve_type_names(ast::Program& program, const Definitions& definitions,
                        types::Context& types, diag::Emitter& emitter);

}  // namespace sonde::resolve
