#include "output/report_maps.h"

#include <utility>

#include "output/map_order.h"

namespace sonde::output {
void ReportMaps::add(double at, const MapSnapshot& map, const MapPrintOptions& options,
                     bool at_exit, const std::vector<std::string>& key_names) {
  const auto [place, is_new] = places_.try_emplace(map.name, maps_.size());
  if (is_new) maps_.push_back({.name = map.name});
  Kept& kept = maps_[place->second];
  if (!kept.is_known && !map.entries.empty()) {
    kept.columns = report_columns(map, key_names);
    kept.is_known = true;
  }
  std::string text;
  JsonWriter json(text);
  json.open('{');
  json.name("at");
  json.milliseconds(at);
  json.name("exit");
  json.json(at_exit ? "true" : "false");
  json.name("entries");
  json.number(row_count(map));
  if (options.divisor > 1) {
    json.name("divisor");
    write_number(json, options.divisor);
  }
  json.name("rows");
  json.open('[');
  MapPrintOptions shown = options;
  if (shown.top == 0 || shown.top > kMaxRows) shown.top = kMaxRows;
  for (const MapEntry* entry : ordered(map, shown))
    write_rows(json, *entry, kept.columns, options.divisor, names_);
  json.close(']');
  json.close('}');
  if (!kept.states.empty()) kept.bytes += kept.states.back().json.size();
  kept.states.push_back({kept.printed++, std::move(text)});
  thin(kept);
}

void ReportMaps::thin(Kept& map) {
  const auto give_up = [&map](std::size_t i) {
    map.bytes -= map.states[i].json.size();
    map.states.erase(map.states.begin() + static_cast<std::ptrdiff_t>(i));
  };
  // The one that is no longer the newest.
  if (map.states.size() > 1) {
    const std::size_t previous = map.states.size() - 2;
    if (map.states[previous].serial % map.stride != 0) give_up(previous);
  }
  while (map.bytes > kHistoryBytes && map.states.size() > 1) {
    map.stride *= 2;
    for (std::size_t i = map.states.size() - 1; i-- > 0;) {
      if (map.states[i].serial % map.stride != 0) give_up(i);
    }
    if (map.states.size() == 2) give_up(0);
  }
}

void ReportMaps::write(JsonWriter& json) const {
  json.open('[');
  for (const Kept& map : maps_) {
    json.open('{');
    json.name("name");
    json.string(map.name);
    json.name("keys");
    write_columns(json, map.columns.keys);
    json.name("values");
    write_columns(json, map.columns.values);
    json.name("printed");
    json.number(map.printed);
    json.name("snapshots");
    json.open('[');
    for (const State& state : map.states) json.json(state.json);
    json.close(']');
    json.close('}');
  }
  json.close(']');
}

}  // namespace sonde::output
