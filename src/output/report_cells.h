// Values as cells of the report's tables.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "output/json_writer.h"
#include "output/sink.h"

namespace sonde::output {

// Names that many cells share: a cell holds their numbers.
class ReportNames {
 public:
  // The number of a frame: frames of one function are one, wherever in it they are, unless their lines are known.
  std::size_t frame(const Frame& frame);
  // [[function, module], [function, module, "file:line"], [function, module, "file:line" or "", true if inlined], ...]
  void write(JsonWriter& json) const;

 private:
  struct Name {
    std::string function;
    std::string module;
    std::string line;  // "file:line", or "".
    bool is_inlined = false;
    auto operator<=>(const Name&) const = default;
  };
  std::map<Name, std::size_t> numbers_;
  std::vector<const Name*> frames_;
};

struct ReportColumn {
  std::string title;
  std::string_view kind;  // "number", "text", "kernel", "user" (stacks), "histogram", "series"
  // "weight": how many values the entry has counted, by which entries are ordered; "percentile": null is below zero;
  // "" for all else.
  std::string_view role;
};

// The columns of a map, by its first entry: values of one map are all alike.
struct ReportColumns {
  std::vector<ReportColumn> keys;
  std::vector<ReportColumn> values;
};
// `key_names` as in ReportInfo; those of another number than the keys are passed over.
[[nodiscard]] ReportColumns report_columns(const MapSnapshot& map,
                                           const std::vector<std::string>& key_names);
void write_columns(JsonWriter& json, const std::vector<ReportColumn>& columns);

// The cells of one entry as an array, keys first. A number is a JSON number, or a string of digits if a double does not hold it exactly;
// a stack is an array of frame numbers, the innermost first; a histogram is [[lowest value, label, count], ...]; a series is
// [start of the first interval since 1970, length of an interval, [value or null, ...]], times as digits, in nanoseconds.
// A top() is such an array for each of its keys, which stands behind those of the map.
void write_rows(JsonWriter& json, const MapEntry& entry, const ReportColumns& columns,
                std::uint64_t divisor, ReportNames& names);
// How many that is for all entries.
[[nodiscard]] std::size_t row_count(const MapSnapshot& map);

void write_number(JsonWriter& json, std::uint64_t number);
void write_number(JsonWriter& json, const Integer& number);
void write_number(JsonWriter& json, long double number);  // With two decimals, as in text.

}  // namespace sonde::output
