#include "base/byte_glob.h"

#include <gtest/gtest.h>

#include <string>

namespace sonde {
namespace {

bool match(std::string_view pattern, std::string_view text) {
  const auto glob = compile_glob(pattern);
  return glob.has_value() && matches(*glob, text);
}

TEST(ByteGlob, MatchesWholeStrings) {
  EXPECT_TRUE(match("", ""));
  EXPECT_FALSE(match("", "a"));
  EXPECT_TRUE(match("abc", "abc"));
  EXPECT_FALSE(match("abc", "abcd"));
  EXPECT_FALSE(match("abc", "ab"));
}

TEST(ByteGlob, StarsAndQuestionMarks) {
  EXPECT_TRUE(match("*", ""));
  EXPECT_TRUE(match("**a**", "a"));
  EXPECT_TRUE(match("*a*b", "xaaxb"));
  EXPECT_FALSE(match("*a*b", "xaaxbc"));
  EXPECT_TRUE(match("a?c", "abc"));
  EXPECT_FALSE(match("a?c", "ac"));
}

TEST(ByteGlob, Sets) {
  EXPECT_TRUE(match("[a-c]x", "bx"));
  EXPECT_FALSE(match("[a-c]x", "dx"));
  EXPECT_TRUE(match("[!a-c]x", "dx"));
  EXPECT_TRUE(match("[]]", "]"));
  EXPECT_TRUE(match("[a-]", "-"));
  EXPECT_TRUE(match("[\xe0-\xff]", "\xe4"));
  EXPECT_TRUE(match("[ab", "[ab"));
}

TEST(ByteGlob, HasALimit) {
  EXPECT_TRUE(match(std::string(kMaxGlobBytes, 'a') + "*", std::string(70, 'a')));
  EXPECT_FALSE(compile_glob(std::string(kMaxGlobBytes + 1, 'a')).has_value());
}

}  // namespace
}  // namespace sonde
