// Exact intervals: `print(@m); clear(@m);`, also with zero(), other arguments of print() or other statements in between. What
// programs count between the two actions would be lost, so the runtime does both as one: see plan::Map::has_generations.
#pragma once

#include "ast/ast.h"

namespace sonde::sema {

// Sets ast::Call::pair of such calls. They stand in one block, nothing between them mentions the map or may leave the block, and
// each clear() or zero() belongs to the last print() in front of it. Prints of one block, one of which is not reached without the
// others and with nothing between them that mentions a map, get the number `next` together, which then goes up.
void pair_intervals(ast::Probe& probe, int& next);

}  // namespace sonde::sema
