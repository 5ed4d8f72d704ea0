// What a map has counted since the last time, taken out of it without a loss: see plan::Map::has_generations.
#pragma once

#include "base/result.h"
#include "output/sink.h"
#include "plan/manifest.h"
#include "runtime/session.h"

namespace sonde::runtime {

// The values of session.manifest.maps[map], which then begin anew; `printed` says whether keys stay. Waits for a grace period.
[[nodiscard]] Result<output::MapSnapshot> take_interval(Session& session, std::size_t map,
                                                        plan::Action::Printed printed);

}  // namespace sonde::runtime
