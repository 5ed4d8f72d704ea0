#include <algorithm>
#include <bit>

#include "base/check.h"
#include "types/type.h"

// Buckets of hist(x, bits), in order:
//   0             x < 0
//   1 + v         v < 2^bits: each small value has its own bucket (v = 0 is bucket 1)
//   then          2^bits linear steps for each power of two from 2^bits up to 2^63.
namespace sonde::types {

std::uint32_t hist_bucket_count(std::uint32_t bits) {
  const std::uint32_t steps = 1U << bits;
  return 1 + steps + (63 - bits) * steps;
}

std::uint32_t hist_bucket(std::int64_t value, std::uint32_t bits) {
  if (value < 0) return 0;
  const auto v = static_cast<std::uint64_t>(value);
  const std::uint32_t steps = 1U << bits;
  if (v < steps) return 1 + static_cast<std::uint32_t>(v);
  const auto log = static_cast<std::uint32_t>(std::bit_width(v)) - 1;  // >= bits
  const auto step = static_cast<std::uint32_t>(v >> (log - bits)) - steps;
  return 1 + steps + (log - bits) * steps + step;
}

BucketRange hist_bucket_range(std::uint32_t bucket, std::uint32_t bits) {
  if (bucket == 0) return {INT64_MIN, 0};
  const std::uint32_t steps = 1U << bits;
  if (bucket <= steps) return {bucket - 1, bucket};
  const std::uint32_t power = (bucket - 1 - steps) / steps;  // log - bits
  const std::uint32_t step = (bucket - 1 - steps) % steps;
  const std::uint64_t low = static_cast<std::uint64_t>(steps + step) << power;
  const std::uint64_t high = static_cast<std::uint64_t>(steps + step + 1) << power;
  return {static_cast<std::int64_t>(low),
          high > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(high)};
}

std::uint32_t lhist_bucket_count(std::int64_t min, std::int64_t max, std::int64_t step) {
  SONDE_CHECK(step > 0 && max > min);
  // The span of two 64-bit numbers fits only unsigned.
  const std::uint64_t span = static_cast<std::uint64_t>(max) - static_cast<std::uint64_t>(min);
  const std::uint64_t steps = (span - 1) / static_cast<std::uint64_t>(step) + 1;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(steps, UINT32_MAX - 2)) + 2;
}

BucketRange lhist_bucket_range(std::uint32_t bucket, std::int64_t min, std::int64_t max,
                               std::int64_t step) {
  if (bucket == 0) return {INT64_MIN, min};
  if (bucket + 1 == lhist_bucket_count(min, max, step)) return {max, INT64_MAX};
  const std::uint64_t offset =
      static_cast<std::uint64_t>(bucket - 1) * static_cast<std::uint64_t>(step);
  const auto low = static_cast<std::int64_t>(static_cast<std::uint64_t>(min) + offset);
  const std::uint64_t left = static_cast<std::uint64_t>(max) - static_cast<std::uint64_t>(low);
  return {low, left > static_cast<std::uint64_t>(step) ? low + step : max};
}

}  // namespace sonde::types
