// One slot of tseries(), as programs write it: types::SeriesWord.
#pragma once

#include <cstdint>

#include "runtime/decode.h"
#include "types/type.h"

namespace sonde::runtime {

// The number of the interval that the slot holds; 0: none. Of the largest or smallest value a program writes it once more behind
// the value: until then that of an interval long ago lies there.
[[nodiscard]] inline std::uint64_t series_interval(const types::Type& type, Bytes slot) {
  const std::uint64_t number = read_u64(slot, 0);
  const bool is_extreme =
      type.series_kind() == types::SeriesKind::Max || type.series_kind() == types::SeriesKind::Min;
  return is_extreme && read_u64(slot, 8 * types::kSeriesExtra) != number ? 0 : number;
}

}  // namespace sonde::runtime
