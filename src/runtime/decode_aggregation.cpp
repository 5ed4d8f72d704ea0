#include "runtime/decode_aggregation.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "runtime/series_slot.h"
#include "types/extreme.h"

namespace sonde::runtime {
namespace {

using output::Value;
using types::Type;
using types::TypeKind;

Value decode_hist(const Type& type, Bytes bytes) {
  output::Histogram histogram;
  histogram.linear = type.is(TypeKind::LinearHist);
  const std::uint32_t count =
      histogram.linear
          ? types::lhist_bucket_count(type.lhist_min(), type.lhist_max(), type.lhist_step())
          : types::hist_bucket_count(type.hist_bits());
  histogram.buckets.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const types::BucketRange range =
        histogram.linear
            ? types::lhist_bucket_range(i, type.lhist_min(), type.lhist_max(), type.lhist_step())
            : types::hist_bucket_range(i, type.hist_bits());
    histogram.buckets.push_back({range, read_u64(bytes, std::size_t{i} * 8)});
  }
  return {std::move(histogram)};
}

Value decode_stats(const Type& type, Bytes bytes) {
  return {output::StatsValue{static_cast<std::int64_t>(read_u64(bytes, 0)), read_u64(bytes, 8),
                             type.is_signed(), type.is(TypeKind::Average)}};
}

// The variance is that of the distances from a whole number near the average, whose sums are exact: nothing cancels out.
Value decode_deviation(const Type& type, Bytes bytes) {
  __extension__ using Wide = unsigned __int128;
  __extension__ using SignedWide = __int128;
  const auto wide = [&](std::size_t at) {
    return static_cast<Wide>(read_u64(bytes, at + 8)) << 64 | read_u64(bytes, at);
  };
  output::DeviationValue value;
  value.count = read_u64(bytes, 0);
  if (value.count == 0) return {value};
  const Wide total = wide(8);
  const bool is_negative = type.is_signed() && static_cast<SignedWide>(total) < 0;
  const Wide magnitude = (is_negative ? 0 - total : total) / value.count;
  const Wide middle = is_negative ? 0 - magnitude : magnitude;
  const Wide squares = wide(24) - 2 * middle * total + middle * middle * value.count;
  const auto count = static_cast<long double>(value.count);
  // Of the average from `middle`: less than 1.
  const long double rest =
      static_cast<long double>(static_cast<SignedWide>(total - middle * value.count)) / count;
  const auto signed_middle = static_cast<long double>(magnitude) * (is_negative ? -1 : 1);
  value.average = signed_middle + rest;
  const long double variance = static_cast<long double>(squares) / count - rest * rest;
  value.deviation = std::sqrt(std::max(variance, 0.0L));
  return {value};
}

// In the middle of its bucket, but for the last one, which has no end.
std::uint64_t middle(const types::BucketRange& range) {
  const auto low = static_cast<std::uint64_t>(range.low);
  return low + (static_cast<std::uint64_t>(range.high) - 1 - low) / 2;
}

Value decode_quantiles(const Type& type, Bytes bytes) {
  output::QuantilesValue value;
  const std::uint32_t buckets = types::hist_bucket_count(types::kQuantileBits);
  for (std::uint32_t i = 0; i < buckets; ++i) value.count += read_u64(bytes, std::size_t{i} * 8);
  if (value.count == 0) return {std::move(value)};
  __extension__ using Wide = unsigned __int128;
  constexpr Wide kAll = 100 * types::kPercent;
  for (const std::int64_t percentage : type.percentages()) {
    // The smallest value that at least so many do not exceed.
    const Wide wanted = (Wide{value.count} * static_cast<Wide>(percentage) + kAll - 1) / kAll;
    std::uint32_t bucket = 0;
    Wide seen = read_u64(bytes, 0);
    while (seen < wanted && bucket + 1 < buckets)
      seen += read_u64(bytes, std::size_t{++bucket} * 8);
    output::QuantilesValue::Quantile quantile{percentage, std::nullopt};
    if (bucket > 0) quantile.value = middle(types::hist_bucket_range(bucket, types::kQuantileBits));
    value.quantiles.push_back(quantile);
  }
  return {std::move(value)};
}

// The two series of Ertl's estimator ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, section 2.3): it needs
// no correction for small or large numbers.
double sigma(double x) {
  if (x == 1.0) return std::numeric_limits<double>::infinity();
  double y = 1.0;
  double z = x;
  double before = 0.0;
  while (z != before) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

double tau(double x) {
  if (x == 0.0 || x == 1.0) return 0.0;
  double y = 1.0;
  double z = 1.0 - x;
  double before = 0.0;
  while (z != before) {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1.0 - x) * (1.0 - x) * y;
  }
  return z / 3.0;
}

Value decode_distinct(Bytes bytes) {
  constexpr std::uint32_t kLargest = 64 - types::kDistinctBits + 1;
  constexpr double kRegisters = types::kDistinctRegisters;
  std::uint32_t registers[kLargest + 1] = {};  // By value.
  for (std::uint32_t i = 0; i < types::kDistinctRegisters; ++i) {
    const auto rank = std::to_integer<std::uint32_t>(bytes[i]);
    ++registers[std::min(rank, kLargest)];
  }
  double z = kRegisters * tau(1.0 - registers[kLargest] / kRegisters);
  for (std::uint32_t rank = kLargest - 1; rank > 0; --rank) z = 0.5 * (z + registers[rank]);
  z += kRegisters * sigma(registers[0] / kRegisters);
  const double estimate = kRegisters * kRegisters / (2.0 * std::log(2.0) * z);
  return {output::Integer{static_cast<std::uint64_t>(std::llround(estimate)), false, 64}};
}

output::Integer series_number(const Type& type, Bytes slot) {
  const std::uint64_t word = read_u64(slot, 8 * types::kSeriesValue);
  const bool is_extreme =
      type.series_kind() == types::SeriesKind::Max || type.series_kind() == types::SeriesKind::Min;
  const std::uint64_t value = is_extreme ? word ^ types::extreme_mask(type) : word;
  if (type.series_kind() != types::SeriesKind::Average) return {value, type.is_signed(), 64};
  const std::uint64_t count = read_u64(slot, 8 * types::kSeriesExtra);
  const bool is_negative = type.is_signed() && static_cast<std::int64_t>(value) < 0;
  const std::uint64_t magnitude =
      (is_negative ? 0 - value : value) / std::max<std::uint64_t>(count, 1);
  return {is_negative ? 0 - magnitude : magnitude, type.is_signed(), 64};
}

// What is older than the latest interval by as many as are kept lies in slots that nobody has used since.
Value decode_series(const Type& type, Bytes bytes) {
  constexpr std::size_t kSlot = 8 * types::kSeriesWords;
  output::SeriesValue series;
  series.interval_ns = static_cast<std::uint64_t>(type.series_interval());
  const std::uint64_t count = type.series_count();
  std::uint64_t latest = 0;
  for (std::size_t i = 0; i < count; ++i)
    latest = std::max(latest, series_interval(type, bytes.subspan(i * kSlot, kSlot)));
  std::uint64_t number = latest >= count ? latest - count + 1 : 1;
  for (; latest != 0 && number <= latest; ++number) {
    const Bytes slot = bytes.subspan(number % count * kSlot, kSlot);
    const bool is_there = series_interval(type, slot) == number;
    if (!is_there && series.points.empty()) continue;
    output::SeriesValue::Point point{number * series.interval_ns, std::nullopt};
    if (is_there) point.value = series_number(type, slot);
    series.points.push_back(point);
  }
  return {std::move(series)};
}

}  // namespace

Value decode_aggregation(const Type& type, Bytes bytes) {
  switch (type.kind()) {
    case TypeKind::Count: return {output::Integer{read_u64(bytes, 0), true, 64}};
    case TypeKind::Sum:
    case TypeKind::Min:
    case TypeKind::Max: return {output::Integer{read_u64(bytes, 0), type.is_signed(), 64}};
    case TypeKind::Average:
    case TypeKind::Stats: return decode_stats(type, bytes);
    case TypeKind::Hist:
    case TypeKind::LinearHist: return decode_hist(type, bytes);
    case TypeKind::StdDev: return decode_deviation(type, bytes);
    case TypeKind::Quantiles: return decode_quantiles(type, bytes);
    case TypeKind::Distinct: return decode_distinct(bytes);
    case TypeKind::TimeSeries: return decode_series(type, bytes);
    default: SONDE_UNREACHABLE();
  }
}

}  // namespace sonde::runtime
