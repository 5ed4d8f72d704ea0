#include "base/glob.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace {

using sonde::glob_match;
using sonde::is_glob;

struct GlobCase {
  const char* pattern;
  const char* text;
  bool matches;
};

class GlobTest : public testing::TestWithParam<GlobCase> {};

TEST_P(GlobTest, Matches) {
  const GlobCase& c = GetParam();
  EXPECT_EQ(glob_match(c.pattern, c.text), c.matches) << c.pattern << " on " << c.text;
}

INSTANTIATE_TEST_SUITE_P(
    Table, GlobTest,
    testing::Values(
        GlobCase{"", "", true}, GlobCase{"", "a", false}, GlobCase{"a", "", false},
        GlobCase{"vfs_read", "vfs_read", true}, GlobCase{"vfs_read", "vfs_readv", false},
        GlobCase{"vfs_readv", "vfs_read", false}, GlobCase{"*", "", true},
        GlobCase{"*", "abc", true}, GlobCase{"**", "abc", true}, GlobCase{"vfs_*", "vfs_", true},
        GlobCase{"vfs_*", "vfs", false}, GlobCase{"*_read", "vfs_read", true},
        GlobCase{"*_read", "vfs_readv", false}, GlobCase{"*read*", "vfs_readv", true},
        GlobCase{"a*b*c", "aXbXbXc", true}, GlobCase{"a*b*c", "aXcXb", false},
        GlobCase{"a*bc", "abbc", true}, GlobCase{"?", "a", true}, GlobCase{"?", "", false},
        GlobCase{"?", "ab", false}, GlobCase{"a?c", "abc", true}, GlobCase{"[abc]", "b", true},
        GlobCase{"[abc]", "d", false}, GlobCase{"[a-c]x", "cx", true},
        GlobCase{"[a-c]x", "dx", false}, GlobCase{"[!a-c]", "d", true},
        GlobCase{"[^a-c]", "a", false}, GlobCase{"[]x]", "]", true}, GlobCase{"[a-]", "-", true},
        GlobCase{"[*]", "*", true}, GlobCase{"[*]", "a", false}, GlobCase{"*[0-9]", "cpu12", true},
        GlobCase{"*[0-9]", "cpu", false}, GlobCase{"a[b", "a[b", true},
        GlobCase{"a[b", "ab", false}, GlobCase{"*[", "x[", true}));

TEST(GlobTest, KnowsLiterals) {
  EXPECT_FALSE(is_glob("vfs_read"));
  EXPECT_TRUE(is_glob("vfs_*"));
  EXPECT_TRUE(is_glob("vfs_rea?"));
  EXPECT_TRUE(is_glob("vfs_[rw]*"));
}

// A matcher that tries each star against each length needs 2^20 steps and more here.
TEST(GlobTest, PathologicalPatternsEndSoon) {
  std::string pattern;
  for (int i = 0; i < 20; ++i) pattern += "*a";
  pattern += "*b";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(glob_match(pattern, std::string(2000, 'a')));
  EXPECT_TRUE(glob_match(pattern, std::string(2000, 'a') + "b"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

}  // namespace
