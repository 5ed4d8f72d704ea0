// From probes to BPF programs: how each attach point is served, and which of them can share one program.
#pragma once

#include "sema/session.h"

namespace sonde::sema {

// Adds the programs and their bodies to the session's plan, in script order. Needs the probes' bodies checked.
void build_programs(Session& session);

// The programs that would serve a probe of which the body is not all known yet, without code, places that share one aside: what
// the kernel tells programs apart by.
[[nodiscard]] std::vector<plan::BpfProgram> bare_programs(Session& session,
                                                          const ProbeFacts& probe);

// True if both records (args of two attach points) have the same fields at the same places.
[[nodiscard]] bool same_layout(const Type* left, const Type* right);

}  // namespace sonde::sema
