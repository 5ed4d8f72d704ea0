// The buckets that the generated code picks are those of types/histogram.cpp.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "types/type.h"
#include "unit/codegen/run_script.h"

namespace sonde {
namespace {

constexpr std::int64_t kValues[] = {
    INT64_MIN, -5, -1, 0,  1,   2,    3,    4,     7,          8,           31,
    32,        33, 63, 64, 100, 1023, 1024, 65537, 0xffffffff, 0x100000000, INT64_MAX - 1,
    INT64_MAX};

class Histogram : public testing::TestWithParam<std::uint32_t> {};

TEST_P(Histogram, PowersOfTwo) {
  if (!test::may_load()) GTEST_SKIP() << "loading programs needs root";
  const std::uint32_t bits = GetParam();
  std::string body;
  for (std::size_t i = 0; i < std::size(kValues); ++i) {
    body += fmt::format("@h{} = hist((int64)@zero + {}, {});\n", i, kValues[i], bits);
  }
  const test::RunScript run("begin {\n" + body + "}\nend { @zero = 0; }\n");
  ASSERT_TRUE(run.ok());
  for (std::size_t i = 0; i < std::size(kValues); ++i) {
    std::vector<std::uint64_t> wanted(types::hist_bucket_count(bits));
    wanted[types::hist_bucket(kValues[i], bits)] = 1;
    EXPECT_EQ(run.value(fmt::format("@h{}", i), 0), wanted) << kValues[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Bits, Histogram, testing::Range(0U, 6U));

TEST(LinearHistogram, Steps) {
  if (!test::may_load()) GTEST_SKIP() << "loading programs needs root";
  constexpr std::int64_t kMin = -20, kMax = 105, kStep = 10;  // The last step is a short one.
  std::string body;
  std::vector<std::int64_t> values;
  for (std::int64_t v = -25; v < 120; v += 3) values.push_back(v);
  values.insert(values.end(), {INT64_MIN, INT64_MAX, kMin, kMin - 1, kMax, kMax - 1});
  for (std::size_t i = 0; i < values.size(); ++i) {
    body += fmt::format("@h{} = lhist((int64)@zero + {}, {}, {}, {});\n", i, values[i], kMin, kMax,
                        kStep);
  }
  const test::RunScript run("begin {\n" + body + "}\nend { @zero = 0; }\n");
  ASSERT_TRUE(run.ok());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::vector<std::uint64_t> got = run.value(fmt::format("@h{}", i), 0);
    ASSERT_EQ(got.size(), types::lhist_bucket_count(kMin, kMax, kStep));
    for (std::uint32_t bucket = 0; bucket < got.size(); ++bucket) {
      const types::BucketRange range = types::lhist_bucket_range(bucket, kMin, kMax, kStep);
      const bool is_last = bucket + 1 == got.size();
      const bool is_inside = values[i] >= range.low && (values[i] < range.high || is_last);
      EXPECT_EQ(got[bucket], is_inside ? 1U : 0U) << values[i] << " in bucket " << bucket;
    }
  }
}

}  // namespace
}  // namespace sonde
