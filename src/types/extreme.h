// How min() and max() keep their value: so that a larger word (unsigned) is the better one, and 0 is worse than any. Memory that
// begins as zeros needs no first value then, and of two programs that are both the first none can overwrite the other.
#pragma once

#include <cstdint>

#include "types/type.h"

namespace sonde::types {

// word = value ^ mask, value = word ^ mask.
[[nodiscard]] constexpr std::uint64_t extreme_mask(bool is_min, bool is_signed) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  return (is_signed ? kSign : 0) ^ (is_min ? ~std::uint64_t{0} : 0);
}

// Of Min and Max, and of a TimeSeries that keeps one of them.
[[nodiscard]] inline std::uint64_t extreme_mask(const Type& type) {
  const bool is_min = type.is(TypeKind::TimeSeries) ? type.series_kind() == SeriesKind::Min
                                                    : type.is(TypeKind::Min);
  return extreme_mask(is_min, type.is_signed());
}

}  // namespace sonde::types
