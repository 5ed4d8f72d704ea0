// The values of tseries() as text: a line for each interval, time going down.
#pragma once

#include <string>

#include "output/value.h"

namespace sonde::output {

// Lines with their ends; nothing for a series without values.
void append_series(std::string& out, const SeriesValue& series);

// "2026-01-31T12:00:00.100000000Z"
[[nodiscard]] std::string utc_time(std::uint64_t epoch_ns);

}  // namespace sonde::output
