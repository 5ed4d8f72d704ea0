// Partial results of several CPUs.
#include "runtime/merge.h"

#include <gtest/gtest.h>

#include "fake_names.h"
#include "types/extreme.h"

namespace sonde::runtime {
namespace {

using types::TypeKind;

class Merge : public ::testing::Test {
 protected:
  types::Context context;
};

TEST_F(Merge, CountsAndSumsAddUp) {
  const Merged count =
      merge(*context.simple(TypeKind::Count),
            ByteBuilder().add<std::uint64_t>(2).add<std::uint64_t>(0).add<std::uint64_t>(5).bytes(),
            false);
  EXPECT_TRUE(count.is_set);
  EXPECT_EQ(read_u64(count.bytes, 0), 7U);
  const Merged sum = merge(*context.aggregation(TypeKind::Sum, true),
                           ByteBuilder().add<std::int64_t>(-9).add<std::int64_t>(4).bytes(), false);
  EXPECT_EQ(static_cast<std::int64_t>(read_u64(sum.bytes, 0)), -5);
}

TEST_F(Merge, ExtremesHonourSignAndUnsetCpus) {
  const auto value = [&](TypeKind kind, bool is_signed) {
    const types::Type& type = *context.aggregation(kind, is_signed);
    const std::uint64_t mask = types::extreme_mask(type);
    const auto cpus = ByteBuilder()
                          .add<std::uint64_t>(0)
                          .add<std::uint64_t>(0)  // This CPU has seen nothing.
                          .add<std::uint64_t>(static_cast<std::uint64_t>(-2) ^ mask)
                          .add<std::uint64_t>(1)
                          .add<std::uint64_t>(7 ^ mask)
                          .add<std::uint64_t>(1);
    return read_u64(merge(type, cpus.bytes(), false).bytes, 0);
  };
  EXPECT_EQ(static_cast<std::int64_t>(value(TypeKind::Min, true)), -2);
  EXPECT_EQ(value(TypeKind::Max, true), 7U);
  EXPECT_EQ(value(TypeKind::Min, false), 7U);
  EXPECT_EQ(value(TypeKind::Max, false), static_cast<std::uint64_t>(-2));
}

// 0 and the largest and smallest numbers are values like others; a word of 0 is worse than all of them or the worst itself.
TEST_F(Merge, ExtremesKeepTheirOrder) {
  for (const TypeKind kind : {TypeKind::Min, TypeKind::Max}) {
    for (const bool is_signed : {false, true}) {
      const std::uint64_t mask = types::extreme_mask(*context.aggregation(kind, is_signed));
      const auto low = is_signed ? std::uint64_t{1} << 63 : 0;
      const auto high = is_signed ? ~(std::uint64_t{1} << 63) : ~std::uint64_t{0};
      const std::uint64_t worst = kind == TypeKind::Min ? high : low;
      EXPECT_EQ(worst ^ mask, 0U);
      EXPECT_EQ((worst ^ mask ^ ~std::uint64_t{0}), (worst == high ? low : high) ^ mask);
      const auto between = is_signed ? std::uint64_t{0} : std::uint64_t{1};
      EXPECT_GT(between ^ mask, worst ^ mask);
      EXPECT_LT(between ^ mask, (worst == high ? low : high) ^ mask);
    }
  }
}

// zero() leaves the key: it shows as 0.
TEST_F(Merge, ExtremesOfNobodyAreZero) {
  const auto cpus = ByteBuilder().add<std::uint64_t>(0).add<std::uint64_t>(0);
  const Merged merged = merge(*context.aggregation(TypeKind::Min, true), cpus.bytes(), false);
  EXPECT_TRUE(merged.is_set);
  EXPECT_EQ(read_u64(merged.bytes, 0), 0U);
}

TEST_F(Merge, StatsAndHistogramsAddEveryWord) {
  const auto cpus = ByteBuilder()
                        .add<std::int64_t>(10)
                        .add<std::uint64_t>(2)
                        .add<std::int64_t>(5)
                        .add<std::uint64_t>(1);
  const Merged stats = merge(*context.aggregation(TypeKind::Stats, true), cpus.bytes(), false);
  EXPECT_EQ(read_u64(stats.bytes, 0), 15U);
  EXPECT_EQ(read_u64(stats.bytes, 8), 3U);
  ByteBuilder buckets;
  for (std::uint64_t cpu = 0; cpu < 2; ++cpu) {
    for (std::uint64_t i = 0; i < 4; ++i) buckets.add(i + 10 * cpu);
  }
  const Merged hist = merge(*context.lhist(0, 10, 5), buckets.bytes(), false);
  EXPECT_EQ(read_u64(hist.bytes, 24), 16U);
}

TEST_F(Merge, ScalarsCountOnlyCpusThatAreSet) {
  const auto* count = context.simple(TypeKind::Count);
  const auto cpus = ByteBuilder()
                        .add<std::uint64_t>(0)
                        .add<std::uint64_t>(99)
                        .add<std::uint64_t>(1)
                        .add<std::uint64_t>(3);
  const Merged merged = merge(*count, cpus.bytes(), true);
  EXPECT_TRUE(merged.is_set);
  EXPECT_EQ(read_u64(merged.bytes, 0), 3U);
  EXPECT_FALSE(
      merge(*count, ByteBuilder().add<std::uint64_t>(0).add<std::uint64_t>(0).bytes(), true)
          .is_set);
}

TEST_F(Merge, StrideIsAMultipleOfEight) {
  EXPECT_EQ(per_cpu_stride(1), 8U);
  EXPECT_EQ(per_cpu_stride(8), 8U);
  EXPECT_EQ(per_cpu_stride(12), 16U);
}

}  // namespace
}  // namespace sonde::runtime
