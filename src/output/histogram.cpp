#include "output/histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace sonde::output {
namespace {

constexpr std::size_t kBarWidth = 52;

// Multiples of 1024 are shortened as far as they stay exact: 2048 is "2K", 1536 stays.
std::string bound(std::int64_t value) {
  constexpr std::string_view kUnits[] = {"", "K", "M", "G", "T", "P", "E"};
  std::size_t unit = 0;
  while (value != 0 && value % 1024 == 0 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{}{}", value, kUnits[unit]);
}

// count / largest of the bar's width, rounded down.
std::size_t bar_length(std::uint64_t count, std::uint64_t largest) {
  // The product must fit into 64 bits; the bits that huge counts lose here are below a character's width.
  for (; largest > UINT64_MAX / kBarWidth; largest /= 2) count /= 2;
  return static_cast<std::size_t>(count * kBarWidth / largest);
}

}  // namespace

std::span<const Histogram::Bucket> occupied(const Histogram& histogram) {
  const auto counted = [](const Histogram::Bucket& bucket) { return bucket.count > 0; };
  const auto first = std::ranges::find_if(histogram.buckets, counted);
  if (first == histogram.buckets.end()) return {};
  const auto last =
      std::find_if(histogram.buckets.rbegin(), histogram.buckets.rend(), counted).base();
  return {first, last};
}

std::string bucket_label(const types::BucketRange& range, bool linear) {
  const bool no_low = range.low == INT64_MIN;
  const bool no_high = range.high == INT64_MAX;
  if (!linear && !no_low && !no_high && range.high - range.low == 1) {
    return fmt::format("[{}]", bound(range.low));
  }
  return fmt::format("{}, {})", no_low ? "(..." : "[" + bound(range.low),
                     no_high ? "..." : bound(range.high));
}

void append_histogram(std::string& out, const Histogram& histogram) {
  const auto buckets = occupied(histogram);
  std::uint64_t largest = 1;
  for (const Histogram::Bucket& bucket : buckets) largest = std::max(largest, bucket.count);
  for (const Histogram::Bucket& bucket : buckets) {
    fmt::format_to(std::back_inserter(out), "{:<16}{:>8} |{:<{}}|\n",
                   bucket_label(bucket.range, histogram.linear), bucket.count,
                   std::string(bar_length(bucket.count, largest), '@'), kBarWidth);
  }
}

}  // namespace sonde::output
