// Type names of the script -> types.
#pragma once

#include "ast/ast.h"
#include "plan/plan.h"
#include "resolve/definitions.h"

namespace sonde::resolve {

// Fills in `type` of every TypeName in the probe, whose places are known: the types of the programs that it is in count.
// Pointers come with AddressSpace::Unknown: where they point depends on the probe, which sema knows.
void resolve_type_names(const plan::ResolvedProbe& probe, kernel::View& view,
                        const Definitions& definitions, types::Context& types,
                        diag::Emitter& emitter);

}  // namespace sonde::resolve
