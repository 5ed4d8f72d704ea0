// software:EVENT[:COUNT]
#include <string_view>

#include "base/text.h"
#include "resolve/attach.h"

namespace sonde::resolve {
namespace {

struct SoftwareEvent {
  std::string_view name;
  std::string_view alias;
  std::uint64_t config;
  std::uint64_t count;
};

constexpr SoftwareEvent kEvents[] = {
#define SONDE_SOFTWARE_EVENT(name, alias, config, count) {name, alias, config, count},
#include "resolve/software_events.def"
};

const SoftwareEvent* find_event(std::string_view name) {
  for (const SoftwareEvent& event : kEvents) {
    if (event.name == name || (!event.alias.empty() && event.alias == name)) return &event;
  }
  return nullptr;
}

}  // namespace

void expand_Software(Expansion& e) {
  if (!e.expect_pieces(1, 2)) return;
  const SoftwareEvent* event = find_event(e.piece(0));
  if (event == nullptr) {
    std::vector<std::string> names;
    for (const SoftwareEvent& row : kEvents) names.emplace_back(row.name);
    return e.not_found(diag::did_you_mean(nearest(e.piece(0), names, names.size())));
  }
  std::uint64_t count = event->count;
  if (e.point.pieces.size() > 1) {
    const auto number = parse_u64(e.piece(1));
    if (!number || *number == 0) {
      return e.syntax(e.where(1), "the count must be a positive integer");
    }
    count = *number;
  }
  plan::AttachPoint& place = e.add(std::string(event->name) + ":" + std::to_string(count));
  place.symbol = event->name;
  place.event_id = event->config;
  place.period = count;
}

}  // namespace sonde::resolve
