#include "types/format.h"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace sonde::types;
using Conversion = FormatSpec::Conversion;

struct SpecCase {
  const char* text;
  FormatSpec expected;
};

class FormatSpecTest : public testing::TestWithParam<SpecCase> {};

// The specifier between two literals, so that its place is tested too.
TEST_P(FormatSpecTest, IsParsed) {
  const std::string text = std::string("<") + GetParam().text + ">";
  const auto pieces = parse_format(text);
  ASSERT_TRUE(pieces.has_value()) << pieces.error().text;
  ASSERT_EQ(pieces->size(), 2U);
  EXPECT_EQ((*pieces)[0].literal, "<");
  EXPECT_EQ((*pieces)[1].literal, ">");
  EXPECT_FALSE((*pieces)[1].spec.has_value());
  ASSERT_TRUE((*pieces)[0].spec.has_value());
  const FormatSpec& spec = *(*pieces)[0].spec;
  const FormatSpec& expected = GetParam().expected;
  EXPECT_EQ(spec.conversion, expected.conversion);
  EXPECT_EQ(spec.upper, expected.upper);
  EXPECT_EQ(spec.left, expected.left);
  EXPECT_EQ(spec.zero, expected.zero);
  EXPECT_EQ(spec.plus, expected.plus);
  EXPECT_EQ(spec.space, expected.space);
  EXPECT_EQ(spec.alternate, expected.alternate);
  EXPECT_EQ(spec.star_width, expected.star_width);
  EXPECT_EQ(spec.star_precision, expected.star_precision);
  EXPECT_EQ(spec.width, expected.width);
  EXPECT_EQ(spec.precision, expected.precision);
  EXPECT_EQ(spec.length_bits, expected.length_bits);
  EXPECT_EQ(spec.begin, 1U);
  EXPECT_EQ(spec.end, text.size() - 1);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FormatSpecTest,
    testing::Values(
        SpecCase{"%d", {.conversion = Conversion::Signed}},
        SpecCase{"%i", {.conversion = Conversion::Signed}},
        SpecCase{"%u", {.conversion = Conversion::Unsigned}},
        SpecCase{"%o", {.conversion = Conversion::Octal}},
        SpecCase{"%x", {.conversion = Conversion::Hex}},
        SpecCase{"%X", {.conversion = Conversion::Hex, .upper = true}},
        SpecCase{"%c", {.conversion = Conversion::Character}},
        SpecCase{"%p", {.conversion = Conversion::Pointer}},
        SpecCase{"%s", {.conversion = Conversion::String}},
        SpecCase{"%r", {.conversion = Conversion::Raw}},
        SpecCase{"%rx", {.conversion = Conversion::RawHex}},
        SpecCase{"%rh", {.conversion = Conversion::RawSpaced}},
        SpecCase{"%hhd", {.length_bits = 8}}, SpecCase{"%hd", {.length_bits = 16}},
        SpecCase{"%ld", {.length_bits = 64}}, SpecCase{"%lld", {.length_bits = 64}},
        SpecCase{"%jd", {.length_bits = 64}}, SpecCase{"%zd", {.length_bits = 64}},
        SpecCase{"%td", {.length_bits = 64}},
        SpecCase{"%llX", {.conversion = Conversion::Hex, .upper = true}},
        SpecCase{"%-0+ #d",
                 {.left = true, .zero = true, .plus = true, .space = true, .alternate = true}},
        SpecCase{"%08x", {.conversion = Conversion::Hex, .zero = true, .width = 8}},
        SpecCase{"%-16s", {.conversion = Conversion::String, .left = true, .width = 16}},
        SpecCase{"%.3s", {.conversion = Conversion::String, .precision = 3}},
        SpecCase{"%10.3s", {.conversion = Conversion::String, .width = 10, .precision = 3}},
        SpecCase{"%.s", {.conversion = Conversion::String, .precision = 0}},
        SpecCase{"%*d", {.star_width = true}}, SpecCase{"%.*d", {.star_precision = true}},
        SpecCase{"%-*.*s",
                 {.conversion = Conversion::String,
                  .left = true,
                  .star_width = true,
                  .star_precision = true}},
        SpecCase{"%65536d", {.width = 65536}}));

struct ErrorCase {
  const char* text;
  std::uint32_t begin;
  std::uint32_t end;
  const char* message;
};

class FormatErrorTest : public testing::TestWithParam<ErrorCase> {};

TEST_P(FormatErrorTest, NamesThePlace) {
  const ErrorCase& c = GetParam();
  const auto pieces = parse_format(c.text);
  ASSERT_FALSE(pieces.has_value()) << c.text;
  EXPECT_EQ(pieces.error().text, c.message);
  EXPECT_EQ(pieces.error().begin, c.begin);
  EXPECT_EQ(pieces.error().end, c.end);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FormatErrorTest,
    testing::Values(
        ErrorCase{"a %y b", 2, 4, "unknown conversion 'y'"},
        ErrorCase{"%5.2y", 0, 5, "unknown conversion 'y'"},
        ErrorCase{"%d%n", 2, 4, "unknown conversion 'n'"},
        ErrorCase{"%5%", 0, 3, "unknown conversion '%'"},
        ErrorCase{"100%", 3, 4, "incomplete format specifier"},
        ErrorCase{"%ll", 0, 3, "incomplete format specifier"},
        ErrorCase{"%-5.", 0, 4, "incomplete format specifier"},
        ErrorCase{"%65537d", 0, 6, "width is too large"},
        ErrorCase{"%99999999999999999999d", 0, 21, "width is too large"},
        ErrorCase{"%.65537d", 0, 7, "precision is too large"},
        ErrorCase{"%ls", 0, 3, "length modifier 'l' goes with integer conversions only"},
        ErrorCase{"%hhp", 0, 4, "length modifier 'hh' goes with integer conversions only"}));

TEST(FormatTest, PercentSignsBecomeLiteral) {
  const auto pieces = parse_format("100%% of %d%%");
  ASSERT_TRUE(pieces.has_value());
  ASSERT_EQ(pieces->size(), 2U);
  EXPECT_EQ((*pieces)[0].literal, "100% of ");
  EXPECT_EQ((*pieces)[0].spec->begin, 9U);  // In the format string as it is written.
  EXPECT_EQ((*pieces)[1].literal, "%");
}

TEST(FormatTest, SpecifiersMayTouch) {
  const auto pieces = parse_format("%d%s");
  ASSERT_TRUE(pieces.has_value());
  ASSERT_EQ(pieces->size(), 2U);
  EXPECT_EQ((*pieces)[1].literal, "");
  EXPECT_EQ((*pieces)[1].spec->conversion, Conversion::String);
}

TEST(FormatTest, EmptyTextHasNoPieces) { EXPECT_TRUE(parse_format("")->empty()); }

TEST(FormatTest, CountsStars) {
  EXPECT_EQ(argument_count(*parse_format("no arguments %%")), 0U);
  EXPECT_EQ(argument_count(*parse_format("%d %s")), 2U);
  EXPECT_EQ(argument_count(*parse_format("%*d %-*.*s")), 5U);
}

}  // namespace
