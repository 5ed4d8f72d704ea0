// Values as cells of the report's tables.
#pragma once

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
  // The number of a frame: frames of one function are one, wherever in it they are.
  std::size_t frame(const Frame& frame);
  void write(JsonWriter& json) const;  // [[function, module], ...]

 private:
  std::map<std::pair<std::string, std::string>, std::size_t> numbers_;
  std::vector<const std::pair<std::string, std::string>*> frames_;
};

struct ReportColumn {
  std::string title;
  std::string_view kind;  // "number", "text", "kernel", "user" (stacks), "histogram"
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
// a stack is an array of frame numbers, the innermost first; a histogram is [[lowest value, label, count], ...].
void write_row(JsonWriter& json, const MapEntry& entry, const ReportColumns& columns,
               std::uint64_t divisor, ReportNames& names);

void write_number(JsonWriter& json, std::uint64_t number);
void write_number(JsonWriter& json, const Integer& number);

}  // namespace sonde::output
