// print(@map), clear() and zero().
#include "runtime/action/action.h"
#include "runtime/interval.h"
#include "runtime/maps.h"

namespace sonde::runtime {
namespace {

MapAccess access(const Session& session, const plan::Action& action, bool other = false) {
  return map_access(session.manifest, session.object, static_cast<std::size_t>(action.map),
                    session.possible_cpus, other);
}

const plan::Map& map_of(const Session& session, const plan::Action& action) {
  return session.manifest.maps[static_cast<std::size_t>(action.map)];
}

}  // namespace

void act_PrintMap(Session& session, const plan::Action& action, Bytes record) {
  const auto snapshot =
      action.printed == plan::Action::Printed::Kept
          ? access(session, action).read(session.names)
          : take_interval(session, static_cast<std::size_t>(action.map), action.printed);
  if (!snapshot) return warn(session, snapshot.error());
  output::MapPrintOptions options = print_options(session.manifest.settings);
  options.top = field_number(action, record, 0);
  options.divisor = field_number(action, record, 1);
  options.was_emptied = action.printed != plan::Action::Printed::Kept;
  session.sink.map(*snapshot, options);
}

void act_ClearMap(Session& session, const plan::Action& action, Bytes) {
  if (const auto cleared = access(session, action).clear(); !cleared)
    warn(session, cleared.error());
  // Nothing is in the other generation, unless taking it out has failed.
  if (!map_of(session, action).has_generations) return;
  if (const auto cleared = access(session, action, true).clear(); !cleared)
    warn(session, cleared.error());
}

void act_ZeroMap(Session& session, const plan::Action& action, Bytes) {
  if (const auto zeroed = access(session, action).zero(); !zeroed) warn(session, zeroed.error());
}

}  // namespace sonde::runtime
