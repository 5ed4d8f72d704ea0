#include "runtime/interval.h"

#include "runtime/maps.h"

namespace sonde::runtime {

// Programs are pointed at the other generation, which is empty; when those that run have ended nobody changes this one. Whatever
// fails on the way, each value stays in one of the two: a later call finds it.
Result<output::MapSnapshot> take_interval(Session& session, std::size_t map,
                                          plan::Action::Printed printed) {
  const plan::Manifest& manifest = session.manifest;
  const bool keeps_keys = printed == plan::Action::Printed::Zeroed;
  const bool is_scalar = manifest.maps[map].is_scalar();
  const MapAccess retired = map_access(manifest, session.object, map, session.possible_cpus);
  const MapAccess fresh = map_access(manifest, session.object, map, session.possible_cpus, true);
  if (keeps_keys && is_scalar) {
    // While no program sees it: user space writes the values of all CPUs at once.
    const auto before = retired.read_raw();
    if (!before) return std::unexpected(before.error());
    if (auto zeroed = fresh.add_zeros(*before); !zeroed) return std::unexpected(zeroed.error());
  }
  session.object.set_generation(map, session.object.generation(map) ^ 1U);
  if (auto waited = session.grace_period.wait(); !waited) return std::unexpected(waited.error());
  const auto raw = retired.read_raw();
  if (!raw) return std::unexpected(raw.error());
  output::MapSnapshot snapshot = retired.decoded(*raw, session.names);
  if (keeps_keys && !is_scalar) {
    if (auto added = fresh.add_zeros(*raw); !added) return std::unexpected(added.error());
  }
  if (auto emptied = is_scalar ? retired.clear() : retired.remove(*raw); !emptied)
    return std::unexpected(emptied.error());
  return snapshot;
}

}  // namespace sonde::runtime
