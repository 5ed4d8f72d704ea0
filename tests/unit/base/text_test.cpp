#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace std::string_literals;
using sonde::edit_distance;
using sonde::escape;
using sonde::nearest;
using sonde::parse_u64;
using sonde::split;
using sonde::trim;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(TextTest, SplitKeepsEmptyPieces) {
  EXPECT_THAT(split("a:b:c", ':'), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split("", ':'), ElementsAre(""));
  EXPECT_THAT(split(":a::", ':'), ElementsAre("", "a", "", ""));
}

TEST(TextTest, TrimTakesSpaceOffBothEnds) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim("\n \t"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(TextTest, ParsesWholeNumbersOnly) {
  EXPECT_EQ(parse_u64("0"), 0U);
  EXPECT_EQ(parse_u64("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(parse_u64("0xfF"), 255U);
  EXPECT_EQ(parse_u64("0Xa"), 10U);
  for (const char* bad : {"", "0x", "-1", "+1", "1 ", " 1", "1a", "18446744073709551616", "0x1g"}) {
    EXPECT_EQ(parse_u64(bad), std::nullopt) << bad;
  }
}

TEST(TextTest, EscapesAsInCStrings) {
  EXPECT_EQ(escape("a\n\t\r\"\\b"), R"(a\n\t\r\"\\b)");
  EXPECT_EQ(escape("\0\x1f\x7f"s), R"(\x00\x1f\x7f)");
  EXPECT_EQ(escape("caf\xc3\xa9"), "caf\xc3\xa9");
}

TEST(TextTest, EditDistanceCountsChanges) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("sitting", "kitten"), 3U);
  EXPECT_EQ(edit_distance("pid", "pid"), 0U);
}

TEST(TextTest, NearestPutsTheBestFirst) {
  const std::vector<std::string> names = {"prio", "ppid", "comm", "pid", "tgid"};
  EXPECT_THAT(nearest("ppidd", names), ElementsAre("ppid", "pid"));
  EXPECT_THAT(nearest("xyzzy", names), IsEmpty());
}

TEST(TextTest, NearestKeepsWhatContainsTheNameAndDropsRepeats) {
  const std::vector<std::string> names = {"sched_switch", "sched_switch", "sched_wakeup"};
  EXPECT_THAT(nearest("switch", names), ElementsAre("sched_switch"));
}

TEST(TextTest, NearestIsLimited) {
  const std::vector<std::string> names = {"ab1", "ab2", "ab3", "ab4"};
  EXPECT_THAT(nearest("ab0", names, 2), ElementsAre("ab1", "ab2"));
}

}  // namespace
