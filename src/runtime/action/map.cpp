// print(@map), clear() and zero().
#include "runtime/action/action.h"
#include "runtime/interval.h"
#include "runtime/maps.h"

namespace sonde::runtime {

void act_PrintMap(Session& session, const plan::Action& action, Bytes record) {
  const auto snapshot = action.printed == plan::Action::Printed::Kept
                            ? read_map(session, static_cast<std::size_t>(action.map))
                            : take_interval(session, action);
  if (!snapshot) return warn(session, snapshot.error());
  output::MapPrintOptions options = print_options(session.manifest.settings);
  options.by = action.by.value_or(options.by);
  options.descending = action.descending.value_or(options.descending);
  options.top = field_number(action, record, 0);
  options.divisor = field_number(action, record, 1);
  options.was_emptied = action.printed != plan::Action::Printed::Kept;
  session.sink.map(*snapshot, options);
}

void act_ClearMap(Session& session, const plan::Action& action, Bytes) {
  for (const MapAccess& part : held_generations(session, static_cast<std::size_t>(action.map))) {
    if (const auto cleared = part.clear(); !cleared) warn(session, cleared.error());
  }
}

void act_ZeroMap(Session& session, const plan::Action& action, Bytes) {
  for (const MapAccess& part : held_generations(session, static_cast<std::size_t>(action.map))) {
    if (const auto zeroed = part.zero(); !zeroed) warn(session, zeroed.error());
  }
}

}  // namespace sonde::runtime
