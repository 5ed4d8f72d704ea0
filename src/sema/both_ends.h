// Blocks for the entry and for the return of the same functions become one program, where the kernel has such programs.
#pragma once

#include "sema/session.h"

namespace sonde::sema {

// Of the programs of the plan, all of which are known: see plan::BpfProgram::entry_part. Where an entry may be missed because the
// kernel cannot follow its call, a link of entries alone is better: until 6.13 calls are followed by a pool of 2 for each function
// and CPU, from 6.19 on by a stack of each task, which links of entries do without.
void join_both_ends(Session& session);

}  // namespace sonde::sema
