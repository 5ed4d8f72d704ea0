#include "runtime/interval.h"

#include <algorithm>

#include "runtime/action/action.h"
#include "runtime/maps.h"

namespace sonde::runtime {
namespace {

MapAccess access(const Session& session, std::size_t map, bool other) {
  return map_access(session.manifest, session.object, map, session.possible_cpus, other);
}

bool keeps_keys(const plan::Action& action) {
  return action.printed == plan::Action::Printed::Zeroed;
}

// Points programs at the other generation, unless that still has something.
Result<void> turn(Session& session, const plan::Action& action) {
  const auto map = static_cast<std::size_t>(action.map);
  if (session.left[map] != Left::Nothing) return {};
  if (keeps_keys(action) && session.manifest.maps[map].is_scalar()) {
    // While no program sees it: user space writes the values of all CPUs at once.
    const auto before = access(session, map, false).read_raw();
    if (!before) return std::unexpected(before.error());
    if (auto zeroed = access(session, map, true).add_zeros(*before); !zeroed) return zeroed;
  }
  session.object.data().set_generation(map, session.object.data().generation(map) ^ 1U);
  session.left[map] = Left::Unsettled;
  return {};
}

// The action's map and those of the actions behind it in its block: one wait serves all.
Result<void> settle(Session& session, const plan::Action& action) {
  const auto map = static_cast<std::size_t>(action.map);
  if (session.left[map] == Left::Settled) return {};
  if (auto ready = session.grace_period.prepare(); !ready) return ready;
  if (auto turned = turn(session, action); !turned) return turned;
  const auto& actions = session.manifest.actions;
  for (auto i = static_cast<std::size_t>(&action - actions.data()) + 1; i < actions.size(); ++i) {
    if (actions[i].together != action.together) continue;
    // What fails now is told when its turn comes.
    (void)turn(session, actions[i]);
  }
  if (auto waited = session.grace_period.wait(); !waited) return waited;
  std::ranges::replace(session.left, Left::Unsettled, Left::Settled);
  return {};
}

}  // namespace

// Programs are pointed at the other generation, which is empty; when those that run have ended nobody changes this one.
Result<output::MapSnapshot> take_interval(Session& session, const plan::Action& action) {
  const auto map = static_cast<std::size_t>(action.map);
  const bool is_scalar = session.manifest.maps[map].is_scalar();
  session.left.resize(session.manifest.maps.size());
  if (auto settled = settle(session, action); !settled) return std::unexpected(settled.error());
  const MapAccess retired = access(session, map, true);
  auto raw = retired.read_raw();
  if (!raw) return std::unexpected(raw.error());
  if (keeps_keys(action) && !is_scalar) {
    if (auto added = access(session, map, false).add_zeros(*raw); !added)
      return std::unexpected(added.error());
  }
  const auto emptied = is_scalar ? retired.clear() : retired.remove(*raw);
  if (emptied) {
    session.left[map] = Left::Nothing;
  } else if (is_scalar || raw->count == 0) {
    return std::unexpected(emptied.error());
  } else {
    warn(session, emptied.error());
  }
  return retired.decoded(*raw, session.names);
}

std::vector<MapAccess> held_generations(const Session& session, std::size_t map) {
  std::vector<MapAccess> held = {access(session, map, false)};
  if (map < session.left.size() && session.left[map] != Left::Nothing)
    held.push_back(access(session, map, true));
  return held;
}

Result<output::MapSnapshot> read_map(Session& session, std::size_t map) {
  const std::vector<MapAccess> held = held_generations(session, map);
  if (held.size() == 1) return held[0].read(session.names);
  const auto now = held[0].read_raw();
  if (!now) return std::unexpected(now.error());
  const auto before = held[1].read_raw();
  if (!before) return std::unexpected(before.error());
  return held[0].decoded(*now, session.names, &*before);
}

}  // namespace sonde::runtime
