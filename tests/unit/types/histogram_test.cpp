#include <gtest/gtest.h>

#include "types/type.h"

namespace {

using namespace sonde::types;

bool contains(const BucketRange& range, std::int64_t value) {
  return range.low <= value && (value < range.high || range.high == INT64_MAX);
}

// Around each power of two, where buckets begin and end, and the extremes.
std::vector<std::int64_t> interesting_values() {
  std::vector<std::int64_t> values = {INT64_MIN, -1000, -1, 0, INT64_MAX, INT64_MAX - 1};
  for (int shift = 0; shift < 63; ++shift) {
    const std::int64_t power = std::int64_t{1} << shift;
    for (std::int64_t near = -3; near <= 3; ++near) values.push_back(power + near);
    values.push_back(power + power / 2);
    values.push_back(power + power / 3);
  }
  return values;
}

class HistTest : public testing::TestWithParam<std::uint32_t> {};

TEST_P(HistTest, ValuesLieInTheRangeOfTheirBucket) {
  const std::uint32_t bits = GetParam();
  for (const std::int64_t value : interesting_values()) {
    const std::uint32_t bucket = hist_bucket(value, bits);
    ASSERT_LT(bucket, hist_bucket_count(bits)) << value;
    const BucketRange range = hist_bucket_range(bucket, bits);
    EXPECT_TRUE(contains(range, value)) << value << " in " << range.low << ".." << range.high;
  }
}

TEST_P(HistTest, RangesFollowEachOtherWithoutGaps) {
  const std::uint32_t bits = GetParam();
  EXPECT_EQ(hist_bucket_range(0, bits).low, INT64_MIN);
  for (std::uint32_t bucket = 1; bucket < hist_bucket_count(bits); ++bucket) {
    EXPECT_EQ(hist_bucket_range(bucket, bits).low, hist_bucket_range(bucket - 1, bits).high)
        << bucket;
    EXPECT_LT(hist_bucket_range(bucket, bits).low, hist_bucket_range(bucket, bits).high) << bucket;
  }
  EXPECT_EQ(hist_bucket_range(hist_bucket_count(bits) - 1, bits).high, INT64_MAX);
}

INSTANTIATE_TEST_SUITE_P(Bits, HistTest, testing::Range(0U, 6U));

TEST(HistTest, KnownBuckets) {
  EXPECT_EQ(hist_bucket(-5, 0), 0U);
  EXPECT_EQ(hist_bucket(0, 0), 1U);
  EXPECT_EQ(hist_bucket(1, 0), 2U);
  EXPECT_EQ(hist_bucket(2, 0), 3U);
  EXPECT_EQ(hist_bucket(3, 0), 3U);
  EXPECT_EQ(hist_bucket(4, 0), 4U);
  EXPECT_EQ(hist_bucket_count(0), 65U);
  // Two bits: 4 steps in each power of two.
  EXPECT_EQ(hist_bucket(3, 2), 4U);
  EXPECT_EQ(hist_bucket(4, 2), 5U);
  EXPECT_EQ(hist_bucket(7, 2), 8U);
  EXPECT_EQ(hist_bucket(8, 2), hist_bucket(9, 2));
  EXPECT_NE(hist_bucket(9, 2), hist_bucket(10, 2));
}

TEST(LinearHistTest, StepsLieBetweenTheEnds) {
  EXPECT_EQ(lhist_bucket_count(0, 10, 2), 7U);
  const auto range = [](std::uint32_t bucket) {
    const BucketRange r = lhist_bucket_range(bucket, 0, 10, 2);
    return std::pair(r.low, r.high);
  };
  EXPECT_EQ(range(0), std::pair(INT64_MIN, INT64_C(0)));
  EXPECT_EQ(range(1), std::pair(INT64_C(0), INT64_C(2)));
  EXPECT_EQ(range(5), std::pair(INT64_C(8), INT64_C(10)));
  EXPECT_EQ(range(6), std::pair(INT64_C(10), INT64_MAX));
}

TEST(LinearHistTest, ALastStepMayBeShort) {
  EXPECT_EQ(lhist_bucket_count(0, 10, 4), 5U);
  EXPECT_EQ(lhist_bucket_range(3, 0, 10, 4).low, 8);
  EXPECT_EQ(lhist_bucket_range(3, 0, 10, 4).high, 10);
}

TEST(LinearHistTest, NegativeBounds) {
  EXPECT_EQ(lhist_bucket_count(-10, 10, 5), 6U);
  EXPECT_EQ(lhist_bucket_range(1, -10, 10, 5).low, -10);
  EXPECT_EQ(lhist_bucket_range(2, -10, 10, 5).high, 0);
}

// The sanitizer build sees the overflows that these would be in signed arithmetic.
TEST(LinearHistTest, TheEndsOf64Bits) {
  constexpr std::int64_t kStep = std::int64_t{1} << 62;
  EXPECT_EQ(lhist_bucket_count(INT64_MIN, INT64_MAX, kStep), 6U);
  EXPECT_EQ(lhist_bucket_range(1, INT64_MIN, INT64_MAX, kStep).low, INT64_MIN);
  EXPECT_EQ(lhist_bucket_range(4, INT64_MIN, INT64_MAX, kStep).low, kStep);
  EXPECT_EQ(lhist_bucket_range(4, INT64_MIN, INT64_MAX, kStep).high, INT64_MAX);
  EXPECT_EQ(lhist_bucket_count(0, 10, INT64_MAX), 3U);
  EXPECT_EQ(lhist_bucket_count(INT64_MIN, INT64_MAX, 1), UINT32_MAX);
}

}  // namespace
