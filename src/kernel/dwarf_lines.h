// Places of source lines, from line tables. Internal to src/kernel.
#pragma once

#include "kernel/dwarf_units.h"
#include "kernel/view.h"

namespace sonde::kernel {

// By the units' line tables; the places have no file offset yet. As a debugger does, a line is taken at its first instruction in
// each function and each inlined copy of one: what a compiler does for a line is often spread, around calls for instance, and
// one pass through it should count once.
[[nodiscard]] SourcePlaces find_source_places(DwarfUnits& units, const SourceLine& line);

}  // namespace sonde::kernel
