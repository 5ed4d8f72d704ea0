// Which entries of a map are printed, and in which order.
#pragma once

#include <compare>
#include <vector>

#include "output/sink.h"

namespace sonde::output {

// Keys: numbers by value, text by bytes, tuples element by element, stacks by addresses.
[[nodiscard]] std::strong_ordering compare_keys(const Value& a, const Value& b);

// Smallest value first: numbers by value, averages by the average, stats() by the total, histograms by the number of values
// that they counted. Entries whose values tie or have no order go by key. Only the last options.top of them, all if it is 0;
// these are then put into the order that the options say.
[[nodiscard]] std::vector<const MapEntry*> ordered(const MapSnapshot& map,
                                                   const MapPrintOptions& options);

// The value divided by print()'s divisor: numbers, averages and totals, and the counts of histograms. Others stay.
[[nodiscard]] Value divided(const Value& value, std::uint64_t divisor);

}  // namespace sonde::output
