#include "output/text.h"

#include "support.h"

namespace {

using namespace std::string_literals;
using namespace sonde::output;
using namespace sonde::output::test;
using sonde::types::StackMode;

TEST(TextTest, Integers) {
  EXPECT_EQ(to_text(num(-5)), "-5");
  EXPECT_EQ(to_text(num(INT64_MIN)), "-9223372036854775808");
  EXPECT_EQ(to_text(unum(UINT64_MAX)), "18446744073709551615");
}

TEST(TextTest, BooleansEnumsPointers) {
  EXPECT_EQ(to_text({true}), "true");
  EXPECT_EQ(to_text({false}), "false");
  EXPECT_EQ(to_text({EnumValue{.number = {.bits = 2}, .name = "SOCK_DGRAM"}}), "SOCK_DGRAM");
  EXPECT_EQ(to_text({EnumValue{.number = {.bits = UINT64_MAX}, .name = ""}}), "-1");
  EXPECT_EQ(to_text({Pointer{0xffff888000000010}}), "0xffff888000000010");
  EXPECT_EQ(to_text({Pointer{0}}), "0x0");
}

TEST(TextTest, StringsAreNotTouched) {
  EXPECT_EQ(to_text(text("a\n\x01\xff")), "a\n\x01\xff");
  EXPECT_EQ(to_text({Text{.bytes = "cut..", .truncated = true}}), "cut..");
  EXPECT_EQ(to_text({Symbol{"vfs_read"}}), "vfs_read");
}

TEST(TextTest, BuffersShowEveryByte) {
  EXPECT_EQ(to_text(bytes("ab~ \x1f\x7f\x00\xff"s)), "ab~ \\x1f\\x7f\\x00\\xff");
  EXPECT_EQ(to_text(bytes("")), "");
}

TEST(TextTest, Collections) {
  EXPECT_EQ(to_text(tuple({num(1), text("a"), tuple({num(2), {true}})})), "(1, a, (2, true))");
  EXPECT_EQ(to_text({ArrayValue{{num(1), num(2), num(3)}}}), "[1,2,3]");
  EXPECT_EQ(to_text({ArrayValue{}}), "[]");
  EXPECT_EQ(to_text({RecordValue{{{"a", num(1)}, {"b", text("x")}}}}), "{ .a = 1, .b = x }");
  EXPECT_EQ(to_text({RecordValue{}}), "{}");
}

TEST(TextTest, Statistics) {
  EXPECT_EQ(to_text(stats(15, 5)), "count 5, average 3, total 15");
  EXPECT_EQ(to_text(stats(-7, 2)), "count 2, average -3, total -7");
  EXPECT_EQ(to_text(stats(9, 2, true)), "4");
  EXPECT_EQ(to_text(stats(0, 0, true)), "0");
  EXPECT_EQ(to_text(stats(INT64_MIN, 1, true)), "-9223372036854775808");
  EXPECT_EQ(to_text({StatsValue{.total = -2, .count = 1, .is_signed = false}}),
            "count 1, average 18446744073709551614, total 18446744073709551614");
}

TEST(TextTest, DeviationsAndQuantiles) {
  EXPECT_EQ(to_text({DeviationValue{.count = 3, .average = -1.25L, .deviation = 1e15L}}),
            "count 3, average -1.25, stddev 1000000000000000.00");
  EXPECT_EQ(to_text({QuantilesValue{5, {{1, std::nullopt}, {50'000, 7}, {99'999, UINT64_MAX}}}}),
            "count 5, p0.001 <0, p50 7, p99.999 18446744073709551615");
}

TEST(TextTest, LargestKeys) {
  TopValue top{.total = 12'000, .keys = {}};
  EXPECT_EQ(to_text({top}), "total 12000");
  const auto key = [](std::int64_t number) {
    return Value{Integer{static_cast<std::uint64_t>(number), true, 64}};
  };
  top.keys.push_back({{TupleValue{{key(-1), {Text{"a"}}}}}, 11'000, 11'000, 91.67});
  top.keys.push_back({key(7), 9, 1000, 0.075});
  EXPECT_EQ(to_text({std::move(top)}),
            "total 12000\n  11000  91.7%  -1, a\n      9   0.1%  (up to 1000) 7");
}

TEST(TextTest, FloatingPoint) {
  EXPECT_EQ(to_text({Floating{0.1, false}}), "0.1");
  EXPECT_EQ(to_text({Floating{static_cast<double>(0.1F), true}}), "0.1");
  EXPECT_EQ(to_text({Floating{3.0, false}}), "3");
  EXPECT_EQ(to_text({Floating{-2.5e300, false}}), "-2.5e+300");
  EXPECT_EQ(to_text({Floating{-std::numeric_limits<double>::infinity(), false}}), "-inf");
  EXPECT_EQ(to_text({Floating{-0.0, false}}), "-0");
}

// The layout of bpftrace's reference, docs/stdlib.md there.
TEST(TextTest, Series) {
  ::setenv("TZ", "UTC", 1);
  constexpr std::uint64_t kStart = 38'389'300'000'000;  // 10:39:49.3
  constexpr std::uint64_t kStep = 100'000'000;
  SeriesValue series{kStep, {}};
  for (const std::int64_t value : {-5, -4, -3, 0, 1, 5}) {
    series.points.push_back({kStart + series.points.size() * kStep,
                             Integer{static_cast<std::uint64_t>(value), true, 64}});
  }
  series.points.insert(series.points.begin() + 1, {kStart, std::nullopt});
  EXPECT_EQ(to_text({series}), R"(             -5                                                  5
hh:mm:ss.ms  |___________________________________________________|
10:39:49.300 *                         .                         | -5
10:39:49.300 |                         .                         |
10:39:49.400 |    *                    .                         | -4
10:39:49.500 |         *               .                         | -3
10:39:49.600 |                         *                         | 0
10:39:49.700 |                         .    *                    | 1
10:39:49.800 |                         .                         * 5
             v___________________________________________________v
             -5                                                  5
)");
  EXPECT_EQ(to_text({SeriesValue{}}), "");
  const SeriesValue same{1'000, {{1'000, Integer{7, false, 64}}}};
  EXPECT_EQ(to_text({same}),
            R"(                7                                                   7
hh:mm:ss.us     |___________________________________________________|
00:00:00.000001 *                                                   | 7
                v___________________________________________________v
                7                                                   7
)");
}

TEST(TextTest, StacksByMode) {
  EXPECT_EQ(to_text(stack(StackMode::Bpftrace)),
            "\n        vfs_read+16\n        main+0\n        0xdeadbeef\n");
  EXPECT_EQ(
      to_text(stack(StackMode::Perf)),
      "\n\tffffffff81000010 vfs_read+16\n\t7f00001234 main+0 (/bin/cat)\n\tdeadbeef 0xdeadbeef\n");
  EXPECT_EQ(to_text(stack(StackMode::Raw)),
            "\n        ffffffff81000010\n        7f00001234\n        deadbeef\n");
}

TEST(TextTest, AHistogramIsItsRows) {
  EXPECT_EQ(to_text(hist({1})),
            "[1]                    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|\n");
}

std::string key(const Value& value, std::string_view separator = ", ") {
  std::string out;
  append_key(out, value, separator);
  return out;
}

TEST(KeyTest, SeveralKeysHaveNoParentheses) {
  EXPECT_EQ(key(num(1)), "1");
  EXPECT_EQ(key(tuple({num(1), text("x")})), "1, x");
  EXPECT_EQ(key(tuple({num(1), text("x")}), ","), "1,x");
  EXPECT_EQ(key(tuple({tuple({num(1), num(2)}), text("x")})), "(1, 2), x");
}

TEST(KeyTest, StacksAreIndentedLess) {
  EXPECT_EQ(key(tuple({num(1), stack(StackMode::Bpftrace)})),
            "1, \n    vfs_read+16\n    main+0\n    0xdeadbeef\n");
}

}  // namespace
