// How programs write to maps, where that decides what the maps are.
#pragma once

#include "sema/session.h"

namespace sonde::sema {

// Sets MapFacts::grows_at_once and is_assigned.
//
// The kernel keeps a few elements at hand for a map that allocates late, and gets more memory only when interrupts are on
// (bpf_mem_alloc, 6.1): a program that runs with interrupts off finds room for one to three new keys with a histogram each, and
// loses the rest.
void study_map_writes(Session& session);

}  // namespace sonde::sema
