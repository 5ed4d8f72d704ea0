#include "parser/literal.h"

#include <gtest/gtest.h>

namespace sonde::parser {
namespace {

std::uint64_t value_of(std::string_view text) {
  const auto value = parse_integer(text);
  EXPECT_TRUE(value.has_value()) << text << ": " << (value ? "" : value.error());
  return value.value_or(0);
}

std::string error_of(std::string_view text) {
  const auto value = parse_integer(text);
  return value ? "no error" : value.error();
}

TEST(ParseInteger, Bases) {
  EXPECT_EQ(value_of("0"), 0U);
  EXPECT_EQ(value_of("42"), 42U);
  EXPECT_EQ(value_of("017"), 15U);
  EXPECT_EQ(value_of("00"), 0U);
  EXPECT_EQ(value_of("0x1f"), 31U);
  EXPECT_EQ(value_of("0XFF"), 255U);
  EXPECT_EQ(value_of("0xffffffffffffffff"), UINT64_MAX);
  EXPECT_EQ(value_of("18446744073709551615"), UINT64_MAX);
}

TEST(ParseInteger, Separators) {
  EXPECT_EQ(value_of("1_000_000"), 1'000'000U);
  EXPECT_EQ(value_of("0xffff_0000"), 0xffff0000U);
  EXPECT_EQ(value_of("1__0"), 10U);
}

TEST(ParseInteger, Exponents) {
  EXPECT_EQ(value_of("1e6"), 1'000'000U);
  EXPECT_EQ(value_of("0e99"), 0U);
  EXPECT_EQ(value_of("1e19"), 10'000'000'000'000'000'000U);
  EXPECT_EQ(value_of("12E0"), 12U);
  EXPECT_EQ(value_of("0x1e2"), 0x1e2U);
}

TEST(ParseInteger, CSuffixes) {
  for (const char* text : {"7u", "7U", "7l", "7L", "7ul", "7LU", "7ll", "7ULL", "7llu", "7uLl"}) {
    EXPECT_EQ(value_of(text), 7U) << text;
  }
  EXPECT_EQ(value_of("0xfful"), 255U);
}

TEST(ParseInteger, Durations) {
  EXPECT_EQ(value_of("5ns"), 5U);
  EXPECT_EQ(value_of("5us"), 5'000U);
  EXPECT_EQ(value_of("5ms"), 5'000'000U);
  EXPECT_EQ(value_of("5s"), 5'000'000'000U);
  EXPECT_EQ(value_of("1m"), 60'000'000'000U);
  EXPECT_EQ(value_of("1h"), 3'600'000'000'000U);
  EXPECT_EQ(value_of("1d"), 86'400'000'000'000U);
  EXPECT_EQ(value_of("0x1d"), 29U);
}

TEST(ParseInteger, Errors) {
  EXPECT_EQ(error_of("0x"), "digits are missing after '0x'");
  EXPECT_EQ(error_of("08"), "'8' is not an octal digit");
  EXPECT_EQ(error_of("0129"), "'9' is not an octal digit");
  EXPECT_EQ(error_of("1e"), "digits are missing after 'e'");
  EXPECT_EQ(error_of("1ex"), "digits are missing after 'e'");
  EXPECT_EQ(error_of("12abc"), "unknown suffix 'abc'");
  EXPECT_EQ(error_of("5S"), "unknown suffix 'S'");
  EXPECT_EQ(error_of("0x5s"), "unknown suffix 's'");
  for (const char* text :
       {"18446744073709551616", "0x10000000000000000", "2e19", "1e20", "1e99999999999999999999",
        "300000000000s", "9999999999999999999999999999"}) {
    EXPECT_EQ(error_of(text), "it does not fit into 64 bits") << text;
  }
}

TEST(Unescape, KnownSequences) {
  const UnescapedString result = unescape(R"(a\n\t\r\\\"\'\a\b\f\v\e\?z)");
  EXPECT_EQ(result.value, "a\n\t\r\\\"'\a\b\f\v\x1b?z");
  EXPECT_TRUE(result.bad.empty());
}

TEST(Unescape, Numbers) {
  EXPECT_EQ(unescape(R"(\033[0m)").value, "\x1b[0m");
  EXPECT_EQ(unescape(R"(\0)").value, std::string(1, '\0'));
  EXPECT_EQ(unescape(R"(\1018)").value, "A8");
  EXPECT_EQ(unescape(R"(\x41\x4g)").value, "A\x04g");
  EXPECT_EQ(unescape(R"(\xff)").value, "\xff");
}

TEST(Unescape, WrongSequencesAreLocated) {
  const UnescapedString result = unescape(R"(ab\q\x \400)");
  ASSERT_EQ(result.bad.size(), 3U);
  EXPECT_EQ(result.bad[0].offset, 2U);
  EXPECT_EQ(result.bad[0].length, 2U);
  EXPECT_EQ(result.bad[1].offset, 4U);
  EXPECT_EQ(result.bad[1].length, 2U);
  EXPECT_EQ(result.bad[2].offset, 7U);
  EXPECT_EQ(result.bad[2].length, 4U);
  EXPECT_EQ(result.value, R"(ab\q\x \400)");
}

}  // namespace
}  // namespace sonde::parser
