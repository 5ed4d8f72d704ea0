// Blocks for the entry and for the return of the same functions become one program, where the kernel has such programs.
#pragma once

#include "sema/session.h"

namespace sonde::sema {

// Of the programs of the plan, all of which are known: see plan::BpfProgram::entry_part. Not where the kernel follows calls to their
// return by a pool of 2 for each function and CPU (until 6.13): a program of both ends does not see the entries beyond that either.
void join_both_ends(Session& session);

}  // namespace sonde::sema
