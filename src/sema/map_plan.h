// From what the script does with its maps to the BPF maps of the plan.
#pragma once

#include "sema/session.h"

namespace sonde::sema {

// Takes `let @m = lruhash(100);` into the map table; unknown kinds and repetitions are reported.
void declare_maps(Session& session);

// Fills in the plan's maps; index i is MapFacts::index.
void build_maps(Session& session);

}  // namespace sonde::sema
