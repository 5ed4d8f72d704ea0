// What several CPUs have kept of many values, against what the values themselves come to.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "fake_names.h"
#include "runtime/decode.h"
#include "runtime/merge.h"
#include "types/extreme.h"

namespace sonde::runtime {
namespace {

using types::SeriesKind;
using types::TypeKind;

constexpr std::size_t kCpus = 4;

class Aggregation : public ::testing::Test {
 protected:
  // One value for each CPU, all zeros.
  static std::vector<std::vector<std::uint64_t>> words(const types::Type& type) {
    return {kCpus, std::vector<std::uint64_t>((type.size() + 7) / 8)};
  }
  template <class T>
  T merged(const types::Type& type, const std::vector<std::vector<std::uint64_t>>& cpus) {
    ByteBuilder bytes;
    for (const auto& cpu : cpus) {
      for (const std::uint64_t word : cpu) bytes.add(word);
    }
    const Merged all = merge(type, bytes.bytes(), false);
    const output::Value value = decode(type, all.bytes, names);
    const T* data = std::get_if<T>(&value.data);
    EXPECT_NE(data, nullptr) << "another alternative: " << value.data.index();
    return data == nullptr ? T{} : *data;
  }
  types::Context context;
  FakeNames names;
  std::mt19937_64 random{42};
};

__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

void add_wide(std::vector<std::uint64_t>& words, std::size_t at, Wide amount) {
  const auto sum = (static_cast<Wide>(words[at + 1]) << 64 | words[at]) + amount;
  words[at] = static_cast<std::uint64_t>(sum);
  words[at + 1] = static_cast<std::uint64_t>(sum >> 64);
}

void add_deviation(std::vector<std::uint64_t>& words, std::int64_t value) {
  ++words[0];
  add_wide(words, 1, static_cast<Wide>(static_cast<SignedWide>(value)));
  add_wide(words, 3, static_cast<Wide>(static_cast<SignedWide>(value) * value));
}

TEST_F(Aggregation, DeviationOfKnownNumbers) {
  const types::Type& type = *context.aggregation(TypeKind::StdDev, true);
  auto cpus = words(type);
  std::size_t i = 0;
  for (const int value : {2, 4, 4, 4, 5, 5, 7, 9}) add_deviation(cpus[i++ % kCpus], value);
  const auto value = merged<output::DeviationValue>(type, cpus);
  EXPECT_EQ(value.count, 8U);
  EXPECT_DOUBLE_EQ(static_cast<double>(value.average), 5.0);
  EXPECT_DOUBLE_EQ(static_cast<double>(value.deviation), 2.0);
}

// Far from zero and below it, where the difference of two large squares would leave nothing.
TEST_F(Aggregation, DeviationDoesNotCancelOut) {
  const types::Type& type = *context.aggregation(TypeKind::StdDev, true);
  for (const std::int64_t base : {-4'000'000'000'000'000'000, -3L, 0L, 4'000'000'000'000'000'000}) {
    auto cpus = words(type);
    for (std::size_t i = 0; i < 1000; ++i)
      add_deviation(cpus[i % kCpus], base + static_cast<std::int64_t>(i % 2));
    const auto value = merged<output::DeviationValue>(type, cpus);
    EXPECT_DOUBLE_EQ(static_cast<double>(value.deviation), 0.5) << base;
    EXPECT_EQ(value.average, static_cast<long double>(base) + 0.5L) << base;
  }
  const auto nothing = merged<output::DeviationValue>(type, words(type));
  EXPECT_EQ(nothing.count, 0U);
  EXPECT_EQ(nothing.deviation, 0);
}

// The largest numbers of 64 bits without a sign.
TEST_F(Aggregation, DeviationOfLargeNumbers) {
  const types::Type& type = *context.aggregation(TypeKind::StdDev, false);
  auto cpus = words(type);
  constexpr Wide kLargest = UINT64_MAX;
  cpus[1][0] = 1;
  add_wide(cpus[1], 1, kLargest);
  add_wide(cpus[1], 3, kLargest * kLargest);
  const auto value = merged<output::DeviationValue>(type, cpus);
  EXPECT_EQ(value.average, static_cast<long double>(UINT64_MAX));
  EXPECT_EQ(value.deviation, 0);
}

TEST_F(Aggregation, QuantilesAreWithinTheirBound) {
  const std::vector<std::int64_t> percentages = {1, 1000, 25'000, 50'000, 99'000, 99'900, 100'000};
  const types::Type& type = *context.quantiles(percentages);
  std::lognormal_distribution<double> skewed(8.0, 3.0);
  std::vector<std::uint64_t> values;
  auto cpus = words(type);
  for (std::size_t i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<std::uint64_t>(skewed(random)));
    const auto bucket =
        types::hist_bucket(static_cast<std::int64_t>(values.back()), types::kQuantileBits);
    ++cpus[i % kCpus][bucket];
  }
  std::ranges::sort(values);
  const auto result = merged<output::QuantilesValue>(type, cpus);
  EXPECT_EQ(result.count, values.size());
  ASSERT_EQ(result.quantiles.size(), percentages.size());
  for (const auto& quantile : result.quantiles) {
    const auto rank = static_cast<std::size_t>(
        std::ceil(static_cast<double>(quantile.percentage) / 100'000 * 20'000));
    const auto exact = static_cast<double>(values[std::max<std::size_t>(rank, 1) - 1]);
    ASSERT_TRUE(quantile.value);
    EXPECT_NEAR(static_cast<double>(*quantile.value), exact, exact / 64) << quantile.percentage;
    if (exact < 64) {
      EXPECT_EQ(static_cast<double>(*quantile.value), exact);
    }
  }
}

TEST_F(Aggregation, QuantilesBelowZeroAreNotToldApart) {
  const types::Type& type = *context.quantiles({50'000, 100'000});
  auto cpus = words(type);
  cpus[0][types::hist_bucket(-5, types::kQuantileBits)] = 3;
  cpus[2][types::hist_bucket(INT64_MAX, types::kQuantileBits)] = 1;
  const auto result = merged<output::QuantilesValue>(type, cpus);
  EXPECT_FALSE(result.quantiles[0].value);
  ASSERT_TRUE(result.quantiles[1].value);
  EXPECT_NEAR(static_cast<double>(*result.quantiles[1].value), 0x1p63, 0x1p63 / 64);
}

TEST_F(Aggregation, DistinctIsNearTheTruth) {
  const types::Type& type = *context.simple(TypeKind::Distinct);
  auto cpus = words(type);
  const auto see = [&](std::uint64_t hash) {
    const std::size_t place = hash >> (64 - types::kDistinctBits);
    const std::uint64_t others = hash << types::kDistinctBits | 1ULL << (types::kDistinctBits - 1);
    const auto rank = static_cast<std::uint64_t>(std::countl_zero(others)) + 1;
    std::uint64_t& word = cpus[hash % kCpus][place / 8];
    const std::size_t shift = place % 8 * 8;
    if (rank > (word >> shift & 0xff)) word = (word & ~(0xffULL << shift)) | rank << shift;
  };
  std::uint64_t seen = 0;
  EXPECT_EQ(merged<output::Integer>(type, cpus).bits, 0U);
  for (const std::uint64_t target : {1, 2, 10, 100, 1'000, 10'000, 100'000, 1'000'000}) {
    for (; seen < target; ++seen) see(random());
    const auto estimate = static_cast<double>(merged<output::Integer>(type, cpus).bits);
    const auto exact = static_cast<double>(target);
    EXPECT_NEAR(estimate, exact, exact * 3 * 1.04 / std::sqrt(types::kDistinctRegisters)) << target;
  }
}

using Slot = std::vector<std::uint64_t>;

void put(std::vector<std::uint64_t>& words, std::uint32_t count, const Slot& slot) {
  std::ranges::copy(slot, words.begin() + static_cast<std::ptrdiff_t>(slot[0] % count * 3));
}

std::vector<std::int64_t> shown(const output::SeriesValue& series) {
  std::vector<std::int64_t> values;
  for (const auto& point : series.points)
    values.push_back(point.value ? static_cast<std::int64_t>(point.value->bits) : INT64_MIN);
  return values;
}

TEST_F(Aggregation, SeriesKeepTheLatestIntervals) {
  const types::Type& type = *context.time_series(100, 4, SeriesKind::Sum, true);
  auto cpus = words(type);
  put(cpus[0], 4, {7, 5, 0});  // Too old when 11 is the latest.
  put(cpus[1], 4, {11, 1, 0});
  put(cpus[0], 4, {9, 2, 0});
  put(cpus[1], 4, {9, static_cast<std::uint64_t>(-5), 0});
  put(cpus[3], 4, {5, 70, 0});  // In the slot of 9.
  const auto series = merged<output::SeriesValue>(type, cpus);
  EXPECT_EQ(shown(series), (std::vector<std::int64_t>{-3, INT64_MIN, 1}));
  EXPECT_EQ(series.points[0].start_ns, 900U);
  EXPECT_TRUE(merged<output::SeriesValue>(type, words(type)).points.empty());
}

TEST_F(Aggregation, SeriesJoinTheirCpusByKind) {
  const std::pair<SeriesKind, std::int64_t> kCases[] = {{SeriesKind::Last, 8},
                                                        {SeriesKind::Average, -1},
                                                        {SeriesKind::Max, 8},
                                                        {SeriesKind::Min, -11},
                                                        {SeriesKind::Sum, -3}};
  for (const auto& [kind, expected] : kCases) {
    const types::Type& type = *context.time_series(10, 3, kind, true);
    auto cpus = words(type);
    const bool is_extreme = kind == SeriesKind::Max || kind == SeriesKind::Min;
    const std::uint64_t mask = is_extreme ? types::extreme_mask(type) : 0;
    // Last: when. Average: of how many. Max and min: the number again.
    put(cpus[0], 3, {6, static_cast<std::uint64_t>(-11) ^ mask, is_extreme ? 6ULL : 1});
    put(cpus[2], 3, {6, 8 ^ mask, is_extreme ? 6ULL : 2});
    EXPECT_EQ(shown(merged<output::SeriesValue>(type, cpus)), std::vector{expected})
        << static_cast<int>(kind);
  }
}

// A program that begins an interval has put its number there, but not yet its value: that of an interval long ago is not shown.
TEST_F(Aggregation, ASeriesOfExtremesLeavesOutWhatIsJustBegun) {
  const types::Type& type = *context.time_series(10, 3, SeriesKind::Max, true);
  const std::uint64_t mask = types::extreme_mask(type);
  auto cpus = words(type);
  put(cpus[0], 3, {6, 900 ^ mask, 3});
  put(cpus[1], 3, {6, 8 ^ mask, 6});
  EXPECT_EQ(shown(merged<output::SeriesValue>(type, cpus)), std::vector<std::int64_t>{8});
  put(cpus[1], 3, {0, 0, 0});
  EXPECT_TRUE(shown(merged<output::SeriesValue>(type, cpus)).empty());
}

}  // namespace
}  // namespace sonde::runtime
