#include "output/map_order.h"

#include <gmock/gmock.h>

#include <chrono>

#include "support.h"

namespace {

using namespace sonde::output;
using namespace sonde::output::test;
using testing::ElementsAre;

std::vector<std::string> keys(const MapSnapshot& map, std::uint64_t top = 0) {
  std::vector<std::string> texts;
  for (const MapEntry* entry : ordered(map, {.top = top})) texts.push_back(to_text(*entry->key));
  return texts;
}

TEST(MapOrderTest, ByValueThenByKey) {
  const auto map = keyed(
      "@", {{text("b"), num(1)}, {text("c"), num(-3)}, {text("a"), num(1)}, {text("d"), num(0)}});
  EXPECT_THAT(keys(map), ElementsAre("c", "d", "a", "b"));
}

TEST(MapOrderTest, UnsignedValuesAreNotNegative) {
  const auto map = keyed("@", {{num(1), unum(UINT64_MAX)}, {num(2), unum(5)}});
  EXPECT_THAT(keys(map), ElementsAre("2", "1"));
}

TEST(MapOrderTest, NumericKeysGoByNumber) {
  const auto map = keyed("@", {{num(10), text("x")}, {num(-2), text("x")}, {num(9), text("y")}});
  EXPECT_THAT(keys(map), ElementsAre("-2", "9", "10"));
}

TEST(MapOrderTest, TuplesGoElementByElement) {
  const auto map = keyed("@", {{tuple({num(2), text("a")}), num(0)},
                               {tuple({num(1), text("b")}), num(0)},
                               {tuple({num(10), text("a")}), num(0)},
                               {tuple({num(1), text("a")}), num(0)}});
  EXPECT_THAT(keys(map), ElementsAre("(1, a)", "(1, b)", "(2, a)", "(10, a)"));
}

TEST(MapOrderTest, AveragesTotalsAndCounts) {
  EXPECT_THAT(keys(keyed("@", {{num(1), stats(10, 1, true)}, {num(2), stats(12, 4, true)}})),
              ElementsAre("2", "1"));
  EXPECT_THAT(keys(keyed("@", {{num(1), stats(10, 1)}, {num(2), stats(12, 4)}})),
              ElementsAre("1", "2"));
  EXPECT_THAT(keys(keyed("@", {{num(1), hist({1, 2, 3})}, {num(2), hist({1000})}})),
              ElementsAre("2", "1"));
}

TEST(MapOrderTest, TopKeepsTheLargest) {
  const auto map = keyed("@", {{num(1), num(30)}, {num(2), num(10)}, {num(3), num(20)}});
  EXPECT_THAT(keys(map, 2), ElementsAre("3", "1"));
  EXPECT_THAT(keys(map, 3), ElementsAre("2", "3", "1"));
  EXPECT_THAT(keys(map, 100), ElementsAre("2", "3", "1"));
}

TEST(CompareKeysTest, EveryKind) {
  const auto less = [](const Value& a, const Value& b) {
    return compare_keys(a, b) < 0 && compare_keys(b, a) > 0 && compare_keys(a, a) == 0;
  };
  EXPECT_TRUE(less({false}, {true}));
  EXPECT_TRUE(less({Pointer{1}}, {Pointer{UINT64_MAX}}));
  EXPECT_TRUE(less({EnumValue{.number = {.bits = 1}, .name = "Z"}},
                   {EnumValue{.number = {.bits = 2}, .name = "A"}}));
  EXPECT_TRUE(less(text("a"), text("ab")));
  EXPECT_TRUE(less(bytes("a"), bytes("b")));
  EXPECT_TRUE(less({Symbol{"a"}}, {Symbol{"b"}}));
  EXPECT_TRUE(less({ArrayValue{{num(1)}}}, {ArrayValue{{num(1), num(0)}}}));
  EXPECT_TRUE(less({RecordValue{{{"a", num(1)}}}}, {RecordValue{{{"a", num(2)}}}}));
  EXPECT_TRUE(less({Stack{.frames = {{.address = 1}}}}, {Stack{.frames = {{.address = 2}}}}));
}

TEST(DividedTest, EveryKind) {
  EXPECT_EQ(to_text(divided(num(-7), 2)), "-3");
  EXPECT_EQ(to_text(divided(unum(UINT64_MAX), 2)), "9223372036854775807");
  EXPECT_EQ(to_text(divided(num(7), 0)), "7");
  EXPECT_EQ(to_text(divided(num(-7), UINT64_MAX)), "0");
  EXPECT_EQ(to_text(divided(stats(40, 1, true), 3)), "13");
  EXPECT_EQ(to_text(divided(stats(90, 2, true), 3)), "15");
  EXPECT_EQ(to_text(divided(stats(90, 2), 3)), "count 2, average 15, total 30");
  EXPECT_EQ(to_text(divided(text("a"), 3)), "a");
  EXPECT_EQ(std::get<Histogram>(divided(hist({1, 1, 1}), 2).data).buckets[2].count, 1U);
}

TEST(MapOrderTest, OtherOrders) {
  using By = sonde::plan::Settings::MapsBy;
  const auto map = keyed("@", {{num(1), num(30)}, {num(2), num(10)}, {num(3), num(20)}});
  const auto in_order = [&](const MapPrintOptions& options) {
    std::vector<std::string> texts;
    for (const MapEntry* entry : ordered(map, options)) texts.push_back(to_text(*entry->key));
    return texts;
  };
  EXPECT_THAT(in_order({}), ElementsAre("2", "3", "1"));
  EXPECT_THAT(in_order({.descending = true}), ElementsAre("1", "3", "2"));
  EXPECT_THAT(in_order({.by = By::Key}), ElementsAre("1", "2", "3"));
  EXPECT_THAT(in_order({.by = By::Key, .descending = true}), ElementsAre("3", "2", "1"));
  // The largest values, whatever they are then sorted by.
  EXPECT_THAT(in_order({.top = 2, .by = By::Key}), ElementsAre("1", "3"));
  EXPECT_THAT(in_order({.top = 1, .descending = true}), ElementsAre("1"));
}

TEST(MapOrderTest, LargeMapsTakeLittleTime) {
  std::vector<std::pair<Value, Value>> entries;
  for (std::int64_t i = 0; i < 100000; ++i) {
    const std::int64_t scattered = i * 7919 % 100000;
    entries.emplace_back(tuple({num(scattered), text("comm")}), num(scattered % 100));
  }
  const MapSnapshot map = keyed("@", std::move(entries));
  const auto start = std::chrono::steady_clock::now();
  const auto sorted = ordered(map, {});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  ASSERT_EQ(sorted.size(), 100000U);
  EXPECT_EQ(to_text(*sorted[0]->key), "(0, comm)");
  EXPECT_EQ(to_text(*sorted[1]->key), "(100, comm)");
  EXPECT_EQ(to_text(*sorted[99999]->key), "(99999, comm)");
}

}  // namespace
