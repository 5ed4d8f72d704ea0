// The values of aggregations, merged over all CPUs (merge.h), as output shows them. Pure functions.
#pragma once

#include "output/value.h"
#include "runtime/decode.h"

namespace sonde::runtime {

// `bytes` holds at least type.size() of them.
[[nodiscard]] output::Value decode_aggregation(const types::Type& type, Bytes bytes);

}  // namespace sonde::runtime
