// profile and interval: UNIT:NUMBER, or a duration like 10ms.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "resolve/attach.h"

namespace sonde::resolve {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};
constexpr Unit kUnits[] = {
#define SONDE_TIME_UNIT(name, nanoseconds) {name, nanoseconds},
#include "resolve/time_units.def"
};

const Unit* find_unit(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

// The kernel's clock events fire at most once per 10 us or so; a day is more than anybody waits for.
constexpr std::uint64_t kShortest = 10'000;
constexpr std::uint64_t kLongest = 86'400'000'000'000;
constexpr std::uint64_t kMaxRate = 100'000;

struct Duration {
  std::uint64_t number = 0;
  const Unit* unit = nullptr;
};

// "10ms" -> 10 of the unit ms; nothing if it is no such duration.
std::optional<Duration> parse_duration(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == text.size()) {
    // A number without unit is in nanoseconds. Nobody means so few of them.
    const auto nanoseconds = parse_u64(text);
    if (!nanoseconds || *nanoseconds < kShortest) return std::nullopt;
    return Duration{*nanoseconds, find_unit("ns")};
  }
  const auto number = parse_u64(text.substr(0, digits));
  const Unit* unit = find_unit(text.substr(digits));
  if (!number || unit == nullptr) return std::nullopt;
  return Duration{*number, unit};
}

std::string unit_names() {
  std::string names = "hz";
  for (const Unit& unit : kUnits) names += fmt::format(", {}", unit.name);
  return names;
}

void set_period(Expansion& e, const Duration& duration, const std::string& text,
                const diag::Location& where) {
  const std::uint64_t unit = duration.unit->nanoseconds;
  if (duration.number > kLongest / unit || duration.number * unit < kShortest) {
    return e.syntax(where, "the period must be from 10us to 1 day");
  }
  e.add(text).period = duration.number * unit;
}

void expand_timed(Expansion& e) {
  if (!e.expect_pieces(1, 2)) return;
  if (e.point.pieces.size() == 1) {
    const auto duration = parse_duration(e.piece(0));
    if (find_unit(e.piece(0)) != nullptr || e.piece(0) == "hz")
      return e.syntax(e.where(0), "the number is missing");
    if (!duration) return e.syntax(e.where(0), "the period needs a unit, as in 10ms");
    return set_period(e, *duration, e.piece(0), e.where(0));
  }
  const auto number = parse_u64(e.piece(1));
  if (!number || *number == 0) return e.syntax(e.where(1), "the number must be a positive integer");
  const std::string text = e.piece(0) + ":" + e.piece(1);
  if (e.piece(0) == "hz") {
    if (*number > kMaxRate)
      return e.syntax(e.where(1), "the rate must be at most 100000 per second");
    e.add(text).frequency = *number;
    return;
  }
  const Unit* unit = find_unit(e.piece(0));
  if (unit == nullptr) return e.syntax(e.where(0), "the unit must be one of " + unit_names());
  set_period(e, {*number, unit}, text, e.where(1));
}

}  // namespace

void expand_Profile(Expansion& e) { expand_timed(e); }
void expand_Interval(Expansion& e) { expand_timed(e); }

}  // namespace sonde::resolve
