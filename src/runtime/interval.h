// What a map has counted since the last time, taken out of it without a loss: see plan::Map::has_generations.
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "output/sink.h"
#include "plan/manifest.h"
#include "runtime/maps.h"
#include "runtime/session.h"

namespace sonde::runtime {

// The values of the map of `action` (a print that does not keep them), which then begin anew. Waits for a grace period, once for all
// actions of a block: see plan::Action::together. After an error each value is still in one of the map's generations. What could
// not be removed is not in the result.
[[nodiscard]] Result<output::MapSnapshot> take_interval(Session& session,
                                                        const plan::Action& action);

// The generations of the map that may hold something, the one that programs use first.
[[nodiscard]] std::vector<MapAccess> held_generations(const Session& session, std::size_t map);

// All that the map holds, also what an interval that has not been taken has left in its other generation.
[[nodiscard]] Result<output::MapSnapshot> read_map(Session& session, std::size_t map);

}  // namespace sonde::runtime
