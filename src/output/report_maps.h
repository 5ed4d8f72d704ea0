// Every state of the maps that was printed, for the report.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "output/report_cells.h"
#include "output/sink.h"

namespace sonde::output {

class ReportMaps {
 public:
  // Of a map with more entries the largest are kept.
  static constexpr std::size_t kMaxRows = 200'000;
  // JSON of the earlier states of one map. Above it every second of them is given up: a long run has fewer points in time,
  // evenly spread.
  static constexpr std::size_t kHistoryBytes = std::size_t{6} << 20;

  // `key_names`: see ReportInfo. `at`: milliseconds.
  void add(double at, const MapSnapshot& map, const MapPrintOptions& options, bool at_exit,
           const std::vector<std::string>& key_names);

  // [{"name", "keys": columns, "values": columns, "snapshots": [{"at", "exit", "entries", "rows": [cells]}], "kept": 1 of
  // so many}, ...] in the order in which the maps were first printed.
  void write(JsonWriter& json) const;
  void write_frames(JsonWriter& json) const { names_.write(json); }

 private:
  struct State {
    std::uint64_t serial = 0;  // How many of the map were printed before.
    std::string json;
  };
  struct Kept {
    std::string name;
    bool is_known = false;  // An empty map says nothing of its columns.
    ReportColumns columns;
    std::vector<State> states;  // The newest last.
    std::size_t bytes = 0;      // Of all but the newest.
    std::uint64_t printed = 0;
    std::uint64_t stride = 1;  // Of the earlier states those are kept whose serial is a multiple.
  };
  static void thin(Kept& map);

  std::vector<Kept> maps_;
  std::map<std::string, std::size_t> places_;
  ReportNames names_;
};

}  // namespace sonde::output
