#include "diag/source.h"

#include <gtest/gtest.h>

namespace {

using sonde::diag::Location;
using sonde::diag::Position;
using sonde::diag::Source;
using sonde::diag::Sources;

TEST(SourceTest, PositionsCountFromOne) {
  const Source source{"a.bt", "ab\n\tc\n\nd"};
  const auto at = [&](std::uint32_t offset) {
    const Position p = source.position(offset);
    return std::pair(p.line, p.column);
  };
  EXPECT_EQ(at(0), std::pair(1U, 1U));
  EXPECT_EQ(at(2), std::pair(1U, 3U));  // The newline belongs to its line.
  EXPECT_EQ(at(3), std::pair(2U, 1U));
  EXPECT_EQ(at(4), std::pair(2U, 2U));  // A tab is one column.
  EXPECT_EQ(at(6), std::pair(3U, 1U));
  EXPECT_EQ(at(7), std::pair(4U, 1U));
  EXPECT_EQ(at(8), std::pair(4U, 2U));   // The end of the text.
  EXPECT_EQ(at(99), std::pair(4U, 2U));  // And beyond.
}

TEST(SourceTest, LinesHaveNoNewline) {
  const Source source{"a.bt", "ab\n\nc"};
  EXPECT_EQ(source.line(1), "ab");
  EXPECT_EQ(source.line(2), "");
  EXPECT_EQ(source.line(3), "c");
  EXPECT_EQ(source.line(4), "");
}

TEST(LocationTest, JoinCoversBoth) {
  const Location joined = Location::join({0, 5, 8}, {0, 1, 6});
  EXPECT_EQ(joined.begin, 1U);
  EXPECT_EQ(joined.end, 8U);
  EXPECT_EQ(Location::join({}, {0, 1, 2}).begin, 1U);
  EXPECT_EQ(Location::join({0, 1, 2}, {}).end, 2U);
  EXPECT_EQ(Location::join({0, 1, 2}, {1, 5, 9}).end, 2U);  // Another source: the first stays.
  EXPECT_FALSE(Location::join({}, {}).valid());
}

TEST(SourcesTest, DescribesPlaces) {
  Sources sources;
  sources.add("first", "x");
  const std::uint32_t id = sources.add("a.bt", "begin {\n  foo();\n}");
  EXPECT_EQ(sources.describe({id, 10, 13}), "a.bt:2:3-5");
  EXPECT_EQ(sources.describe({id, 10, 11}), "a.bt:2:3");
  EXPECT_EQ(sources.describe({id, 10, 10}), "a.bt:2:3");
  EXPECT_EQ(sources.describe({id, 6, 18}), "a.bt:1:7");  // Several lines: where it begins.
  EXPECT_EQ(sources.describe({}), "");
  EXPECT_EQ(sources.text({id, 10, 13}), "foo");
  EXPECT_EQ(sources.text({id, 17, 99}), "}");
  EXPECT_EQ(sources.text({}), "");
}

TEST(SourcesTest, ReferencesStayValid) {
  Sources sources;
  const Source& first = sources.get(sources.add("first", "text"));
  for (int i = 0; i < 1000; ++i) sources.add("more", "x");
  EXPECT_EQ(&first, &sources.get(0));
  EXPECT_EQ(first.name, "first");
}

}  // namespace
