// print(@map), clear() and zero().
#include "runtime/action/action.h"
#include "runtime/maps.h"

namespace sonde::runtime {
namespace {

MapAccess access(Session& session, const plan::Action& action) {
  const plan::Map& map = session.manifest.maps[static_cast<std::size_t>(action.map)];
  return {map, session.object.map(map.bpf_name), session.possible_cpus};
}

}  // namespace

void act_PrintMap(Session& session, const plan::Action& action, Bytes record) {
  const auto snapshot = access(session, action).read(session.names);
  if (!snapshot) return warn(session, snapshot.error());
  session.sink.map(*snapshot, {field_number(action, record, 0), field_number(action, record, 1)});
}

void act_ClearMap(Session& session, const plan::Action& action, Bytes) {
  if (const auto cleared = access(session, action).clear(); !cleared)
    warn(session, cleared.error());
}

void act_ZeroMap(Session& session, const plan::Action& action, Bytes) {
  if (const auto zeroed = access(session, action).zero(); !zeroed) warn(session, zeroed.error());
}

}  // namespace sonde::runtime
