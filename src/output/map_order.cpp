#include "output/map_order.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <string_view>
#include <tuple>

#include "output/text.h"

namespace sonde::output {
namespace {

// A number of either sign as something that orders correctly: two's complement keeps the order among negative numbers.
struct Rank {
  bool non_negative = true;
  std::uint64_t bits = 0;
  auto operator<=>(const Rank&) const = default;
};

Rank rank(const Integer& number) {
  return {!number.is_signed || static_cast<std::int64_t>(number.bits) >= 0, number.bits};
}

std::uint64_t counted(const Histogram& histogram) {
  std::uint64_t sum = 0;
  for (const Histogram::Bucket& bucket : histogram.buckets) sum += bucket.count;
  return sum;
}

// What a value is sorted by; nothing if values of its kind have no order.
struct Ranker {
  std::optional<Rank> operator()(const Integer& number) const { return rank(number); }
  std::optional<Rank> operator()(bool value) const { return Rank{true, value}; }
  std::optional<Rank> operator()(const EnumValue& value) const { return rank(value.number); }
  // The bits of IEEE 754 grow with the magnitude.
  std::optional<Rank> operator()(const Floating& value) const {
    const auto bits = std::bit_cast<std::uint64_t>(value.number);
    return std::signbit(value.number) ? Rank{false, ~bits} : Rank{true, bits};
  }
  std::optional<Rank> operator()(const Pointer& pointer) const {
    return Rank{true, pointer.address};
  }
  std::optional<Rank> operator()(const StatsValue& stats) const {
    return rank(stats.average_only ? average(stats) : total(stats));
  }
  std::optional<Rank> operator()(const Histogram& histogram) const {
    return Rank{true, counted(histogram)};
  }
  std::optional<Rank> operator()(const DeviationValue& value) const {
    return Rank{true, value.count};
  }
  std::optional<Rank> operator()(const QuantilesValue& value) const {
    return Rank{true, value.count};
  }
  std::optional<Rank> operator()(const TopValue& top) const { return Rank{true, top.total}; }
  template <class Other>
  std::optional<Rank> operator()(const Other&) const {
    return std::nullopt;
  }
};

std::optional<Rank> rank(const Value& value) { return std::visit(Ranker{}, value.data); }

template <class Range, class Compare>
std::strong_ordering compare_ranges(const Range& a, const Range& b, Compare compare) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(), compare);
}

// Both have the same kind and no rank.
struct KeyComparer {
  const Value& other;

  std::strong_ordering operator()(const Text& text) const {
    return text.bytes <=> std::get<Text>(other.data).bytes;
  }
  std::strong_ordering operator()(const Bytes& bytes) const {
    return bytes.bytes <=> std::get<Bytes>(other.data).bytes;
  }
  std::strong_ordering operator()(const Symbol& symbol) const {
    return symbol.text <=> std::get<Symbol>(other.data).text;
  }
  std::strong_ordering operator()(const Stack& stack) const {
    const auto by_address = [](const Frame& a, const Frame& b) { return a.address <=> b.address; };
    return compare_ranges(stack.frames, std::get<Stack>(other.data).frames, by_address);
  }
  std::strong_ordering operator()(const TupleValue& tuple) const {
    return compare_ranges(tuple.elements, std::get<TupleValue>(other.data).elements, compare_keys);
  }
  std::strong_ordering operator()(const ArrayValue& array) const {
    return compare_ranges(array.elements, std::get<ArrayValue>(other.data).elements, compare_keys);
  }
  std::strong_ordering operator()(const RecordValue& record) const {
    const auto by_value = [](const auto& a, const auto& b) {
      return compare_keys(a.second, b.second);
    };
    return compare_ranges(record.fields, std::get<RecordValue>(other.data).fields, by_value);
  }
  template <class Ranked>
  std::strong_ordering operator()(const Ranked&) const {
    return std::strong_ordering::equal;
  }
};

// One entry with its rank taken once: sorting compares each of them many times.
struct Sorted {
  std::optional<Rank> rank;
  const MapEntry* entry;
};

bool key_before(const MapEntry* a, const MapEntry* b) {
  return a->key && b->key && compare_keys(*a->key, *b->key) < 0;
}

bool before(const Sorted& a, const Sorted& b) {
  if (a.rank != b.rank) return a.rank < b.rank;
  return key_before(a.entry, b.entry);
}

Integer divide(Integer number, std::uint64_t divisor) {
  const bool negative = number.is_signed && static_cast<std::int64_t>(number.bits) < 0;
  const std::uint64_t magnitude = (negative ? 0 - number.bits : number.bits) / divisor;
  number.bits = negative ? 0 - magnitude : magnitude;
  return number;
}

struct Divider {
  std::uint64_t divisor;

  Value operator()(const Integer& number) const { return {divide(number, divisor)}; }
  Value operator()(const StatsValue& stats) const {
    StatsValue scaled = stats;
    // An average is divided itself, so that what is cut off is cut off once only.
    const Integer base = stats.average_only ? average(stats) : total(stats);
    if (stats.average_only && stats.count > 0) scaled.count = 1;
    scaled.total = static_cast<std::int64_t>(divide(base, divisor).bits);
    return {scaled};
  }
  Value operator()(Histogram histogram) const {
    for (Histogram::Bucket& bucket : histogram.buckets) bucket.count /= divisor;
    return {std::move(histogram)};
  }
  Value operator()(DeviationValue value) const {
    value.average /= static_cast<long double>(divisor);
    value.deviation /= static_cast<long double>(divisor);
    return {value};
  }
  Value operator()(QuantilesValue value) const {
    for (QuantilesValue::Quantile& quantile : value.quantiles) {
      if (quantile.value) *quantile.value /= divisor;
    }
    return {std::move(value)};
  }
  Value operator()(SeriesValue series) const {
    for (SeriesValue::Point& point : series.points) {
      if (point.value) point.value = divide(*point.value, divisor);
    }
    return {std::move(series)};
  }
  Value operator()(Floating value) const {
    value.number /= static_cast<double>(divisor);
    return {value};
  }
  Value operator()(TopValue top) const {
    top.total /= divisor;
    for (TopKey& key : top.keys) {
      key.value /= divisor;
      key.at_most /= divisor;
    }
    return {std::move(top)};
  }
  template <class Other>
  Value operator()(const Other& other) const {
    return {other};
  }
};

}  // namespace

std::strong_ordering compare_keys(const Value& a, const Value& b) {
  if (a.data.index() != b.data.index()) return a.data.index() <=> b.data.index();
  const std::optional<Rank> rank_a = rank(a);
  if (rank_a) return *rank_a <=> *rank(b);
  return std::visit(KeyComparer{b}, a.data);
}

std::vector<const MapEntry*> ordered(const MapSnapshot& map, const MapPrintOptions& options) {
  std::vector<Sorted> sorted;
  sorted.reserve(map.entries.size());
  for (const MapEntry& entry : map.entries) sorted.push_back({rank(entry.value), &entry});
  std::stable_sort(sorted.begin(), sorted.end(), before);
  const std::size_t skipped =
      options.top != 0 && options.top < sorted.size() ? sorted.size() - options.top : 0;
  std::vector<const MapEntry*> entries;
  entries.reserve(sorted.size() - skipped);
  for (std::size_t i = skipped; i < sorted.size(); ++i) entries.push_back(sorted[i].entry);
  if (options.by == plan::Settings::MapsBy::Key) std::ranges::stable_sort(entries, key_before);
  if (options.descending) std::ranges::reverse(entries);
  return entries;
}

Value divided(const Value& value, std::uint64_t divisor) {
  return divisor <= 1 ? value : std::visit(Divider{divisor}, value.data);
}

}  // namespace sonde::output
