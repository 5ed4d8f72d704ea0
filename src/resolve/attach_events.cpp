// software:EVENT[:COUNT] and hardware:EVENT[:COUNT]
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/glob.h"
#include "base/integer.h"
#include "base/text.h"
#include "resolve/attach.h"

namespace sonde::resolve {
namespace {

struct Event {
  std::string_view name;
  std::string_view alias;
  std::uint64_t config;
  std::uint64_t count;
};

constexpr Event kSoftwareEvents[] = {
#define SONDE_SOFTWARE_EVENT(name, alias, config, count) {name, alias, config, count},
#include "resolve/software_events.def"
};

constexpr Event kHardwareEvents[] = {
#define SONDE_HARDWARE_EVENT(name, alias, config, count) {name, alias, config, count},
#include "resolve/hardware_events.def"
};

// Those that `name`, which may be a glob, stands for.
std::vector<const Event*> find_events(std::span<const Event> events, std::string_view name) {
  std::vector<const Event*> found;
  for (const Event& event : events) {
    if (glob_match(name, event.name) || (!event.alias.empty() && event.alias == name))
      found.push_back(&event);
  }
  return found;
}

// Also 1e6 and 1_000_000, as in scripts.
std::optional<std::uint64_t> parse_count(std::string_view text) {
  const bool is_plain = text.find_first_not_of("0123456789_eE") == std::string_view::npos;
  if (!is_plain) return parse_u64(text);
  const auto number = parse_integer(text);
  return number ? std::optional(*number) : std::nullopt;
}

void expand_event(Expansion& e, std::span<const Event> events) {
  // `software:faults:` is `software:faults`: the count may be left empty.
  const bool has_count = e.point.pieces.size() != 2 || !e.piece(1).empty();
  if (has_count && !e.expect_pieces(1, 2)) return;
  const std::vector<const Event*> found = find_events(events, e.piece(0));
  if (found.empty()) {
    std::vector<std::string> names;
    for (const Event& row : events) names.emplace_back(row.name);
    return e.not_found(diag::did_you_mean(nearest(e.piece(0), names, names.size())));
  }
  std::optional<std::uint64_t> count;
  if (e.point.pieces.size() > 1 && has_count) {
    count = parse_count(e.piece(1));
    if (!count || *count == 0) return e.syntax(e.where(1), "the count must be a positive integer");
  }
  for (const Event* event : found) {
    const std::uint64_t period = count.value_or(event->count);
    plan::AttachPoint& place = e.add(std::string(event->name) + ":" + std::to_string(period));
    place.symbol = event->name;
    place.event_id = event->config;
    place.period = period;
  }
}

}  // namespace

void expand_Software(Expansion& e) { expand_event(e, kSoftwareEvents); }
void expand_Hardware(Expansion& e) { expand_event(e, kHardwareEvents); }

}  // namespace sonde::resolve
