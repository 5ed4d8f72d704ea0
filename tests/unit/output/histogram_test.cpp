#include "output/histogram.h"

#include "support.h"

namespace {

using namespace sonde::output;
using namespace sonde::output::test;
using sonde::types::BucketRange;

std::string rows(const Value& value) {
  std::string out;
  append_histogram(out, std::get<Histogram>(value.data));
  return out;
}

std::string row(std::string_view start, std::size_t bar) {
  return std::string(start) + " |" + std::string(bar, '@') + std::string(52 - bar, ' ') + "|\n";
}

TEST(HistogramTest, EmptyBucketsAtTheEndsAreLeftOut) {
  EXPECT_EQ(rows(hist({5, 100})),
            row("[4, 8)                 1", 52) + row("[8, 16)                0", 0) +
                row("[16, 32)               0", 0) + row("[32, 64)               0", 0) +
                row("[64, 128)              1", 52));
}

TEST(HistogramTest, SmallAndNegativeValues) {
  EXPECT_EQ(rows(hist({-3, 0, 1})), row("(..., 0)               1", 52) +
                                        row("[0]                    1", 52) +
                                        row("[1]                    1", 52));
}

TEST(HistogramTest, NothingCountedHasNoRows) {
  EXPECT_EQ(rows(hist({})), "");
  EXPECT_EQ(rows({Histogram{}}), "");
}

TEST(HistogramTest, BarsAreRoundedDown) {
  EXPECT_EQ(rows(lhist(0, 3, 1, {0, 30, 12, 1, 0})), row("[0, 1)                30", 52) +
                                                         row("[1, 2)                12", 20) +
                                                         row("[2, 3)                 1", 1));
}

TEST(HistogramTest, HugeCountsDoNotOverflow) {
  Value value = hist({4, 8});
  std::get<Histogram>(value.data).buckets[4].count = UINT64_MAX;
  std::get<Histogram>(value.data).buckets[5].count = UINT64_MAX / 2;
  EXPECT_EQ(rows(value), row("[4, 8)          18446744073709551615", 52) +
                             row("[8, 16)         9223372036854775807", 25));
}

TEST(HistogramTest, LinearEnds) {
  EXPECT_EQ(rows(lhist(0, 4, 2, {1, 0, 0, 2})),
            row("(..., 0)               1", 26) + row("[0, 2)                 0", 0) +
                row("[2, 4)                 0", 0) + row("[4, ...)               2", 52));
}

TEST(LabelTest, UnitsOnlyWhereTheyAreExact) {
  const auto label = [](std::int64_t low, std::int64_t high) {
    return bucket_label(BucketRange{low, high}, true);
  };
  EXPECT_EQ(label(1024, 2048), "[1K, 2K)");
  EXPECT_EQ(label(512, 1024), "[512, 1K)");
  EXPECT_EQ(label(1000, 2000), "[1000, 2000)");
  EXPECT_EQ(label(1536, 3072), "[1536, 3K)");
  EXPECT_EQ(label(1 << 20, 3 << 19), "[1M, 1536K)");
  EXPECT_EQ(label(INT64_C(1) << 39, INT64_C(1) << 40), "[512G, 1T)");
  EXPECT_EQ(label(INT64_C(1) << 60, INT64_C(1) << 61), "[1E, 2E)");
  EXPECT_EQ(label(-2048, 0), "[-2K, 0)");
  EXPECT_EQ(label(INT64_MIN, -2048), "(..., -2K)");
  EXPECT_EQ(label(1024, INT64_MAX), "[1K, ...)");
}

TEST(LabelTest, OneValueStandsAloneInPowersOfTwoOnly) {
  EXPECT_EQ(bucket_label({0, 1}, false), "[0]");
  EXPECT_EQ(bucket_label({0, 1}, true), "[0, 1)");
}

TEST(LabelTest, FinerHistograms) {
  EXPECT_EQ(rows(hist({6, 7, 11}, 2)),
            row("[6]                    1", 52) + row("[7]                    1", 52) +
                row("[8, 10)                0", 0) + row("[10, 12)               1", 52));
}

}  // namespace
