#include "runtime/merge.h"

#include <algorithm>
#include <cstring>

#include "plan/manifest.h"
#include "runtime/series_slot.h"
#include "types/extreme.h"

namespace sonde::runtime {
namespace {

using types::Type;
using types::TypeKind;

void write_u64(std::vector<std::byte>& bytes, std::size_t offset, std::uint64_t value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

// count, sum, avg, stats, histograms and quantiles: every word is a total.
void add_words(std::vector<std::byte>& into, Bytes from) {
  for (std::size_t at = 0; at + 8 <= into.size(); at += 8) {
    write_u64(into, at, read_u64(into, at) + read_u64(from, at));
  }
}

// min and max: {word, is_set}, see types/extreme.h.
void keep_larger(std::vector<std::byte>& into, Bytes from, std::size_t at) {
  if (read_u64(from, at + 8) == 0) return;
  const std::uint64_t larger = std::max(read_u64(into, at), read_u64(from, at));
  write_u64(into, at, larger);
  write_u64(into, at + 8, 1);
}

// stddev: a count and two sums of 128 bits.
void add_deviations(std::vector<std::byte>& into, Bytes from) {
  write_u64(into, 0, read_u64(into, 0) + read_u64(from, 0));
  for (const std::size_t at : {8U, 24U}) {
    const std::uint64_t low = read_u64(into, at) + read_u64(from, at);
    const std::uint64_t carry = low < read_u64(from, at) ? 1 : 0;
    write_u64(into, at, low);
    write_u64(into, at + 8, read_u64(into, at + 8) + read_u64(from, at + 8) + carry);
  }
}

// distinct: each register the largest.
void keep_registers(std::vector<std::byte>& into, Bytes from) {
  for (std::size_t i = 0; i < into.size(); ++i) into[i] = std::max(into[i], from[i]);
}

// The values of one interval, at `at`.
void join_interval(const Type& type, std::vector<std::byte>& into, Bytes from, std::size_t at) {
  const std::size_t value = at + 8 * types::kSeriesValue;
  const std::size_t extra = at + 8 * types::kSeriesExtra;
  switch (type.series_kind()) {
    case types::SeriesKind::Average:
      write_u64(into, extra, read_u64(into, extra) + read_u64(from, extra));
      [[fallthrough]];
    case types::SeriesKind::Sum:
      return write_u64(into, value, read_u64(into, value) + read_u64(from, value));
    case types::SeriesKind::Last:
      if (read_u64(into, extra) < read_u64(from, extra))
        std::memcpy(into.data() + value, from.data() + value, 16);
      return;
    case types::SeriesKind::Max:
    case types::SeriesKind::Min:
      return write_u64(into, value, std::max(read_u64(into, value), read_u64(from, value)));
  }
}

// tseries: of each slot the later interval.
void join_series(const Type& type, std::vector<std::byte>& into, Bytes from) {
  constexpr std::size_t kSlot = 8 * types::kSeriesWords;
  for (std::size_t at = 0; at + kSlot <= into.size(); at += kSlot) {
    const std::uint64_t ours = series_interval(type, Bytes(into).subspan(at, kSlot));
    const std::uint64_t theirs = series_interval(type, from.subspan(at, kSlot));
    if (theirs > ours) {
      std::memcpy(into.data() + at, from.data() + at, kSlot);
    } else if (theirs == ours && ours != 0) {
      join_interval(type, into, from, at);
    }
  }
}

// top: one behind the other, for decode_top().
void append(std::vector<std::byte>& into, Bytes from, bool is_first) {
  if (is_first) into.clear();
  into.insert(into.end(), from.begin(), from.end());
}

void merge_one(const Type& type, Merged& merged, Bytes from) {
  switch (type.kind()) {
    case TypeKind::Min:
    case TypeKind::Max: return keep_larger(merged.bytes, from, 0);
    case TypeKind::StdDev: return add_deviations(merged.bytes, from);
    case TypeKind::Distinct: return keep_registers(merged.bytes, from);
    case TypeKind::TimeSeries: return join_series(type, merged.bytes, from);
    case TypeKind::Top: return append(merged.bytes, from, !merged.is_set);
    default: break;
  }
  if (type.is_aggregation()) {
    add_words(merged.bytes, from);
  } else if (!merged.is_set) {
    std::memcpy(merged.bytes.data(), from.data(), merged.bytes.size());
  }
}

}  // namespace

Merged merge(const Type& type, Bytes all, bool has_header) {
  const std::size_t header = has_header ? plan::kScalarHeader : 0;
  const std::size_t stride = per_cpu_stride(type.size() + header);
  Merged merged;
  merged.bytes.resize(type.size());
  for (std::size_t at = 0; at + stride <= all.size(); at += stride) {
    if (has_header && read_u64(all, at) == 0) continue;
    merge_one(type, merged, all.subspan(at + header, type.size()));
    merged.is_set = true;
  }
  // Nobody's is 0, after zero().
  const bool is_extreme = type.is(TypeKind::Min) || type.is(TypeKind::Max);
  if (is_extreme && read_u64(merged.bytes, 8) != 0)
    write_u64(merged.bytes, 0, read_u64(merged.bytes, 0) ^ types::extreme_mask(type));
  return merged;
}

}  // namespace sonde::runtime
