#include "base/c_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sonde {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(std::string_view text) {
  std::vector<std::string> result;
  for (const CToken& token : c_tokens(text)) result.emplace_back(token.text);
  return result;
}

TEST(CText, Tokens) {
  EXPECT_THAT(
      texts("a->b /* c */ += 0x1fUL; // d\n\"e \\\" f\" 'g' ... 1.5e+3"),
      ElementsAre("a", "->", "b", "+=", "0x1fUL", ";", "\"e \\\" f\"", "'g'", "...", "1.5e+3"));
  EXPECT_THAT(texts("a\\\nb"), ElementsAre("a", "b"));
  EXPECT_THAT(texts("\"open\n'open"), ElementsAre("\"open", "'open"));
  EXPECT_THAT(texts("/* open"), ElementsAre());
  EXPECT_THAT(texts("\x01\xff`@"), ElementsAre("\x01", "\xff", "`", "@"));
}

TEST(CText, DirectiveEndsWithItsLine) {
  EXPECT_EQ(c_directive_length("#define A 1\nint"), 11U);
  EXPECT_EQ(c_directive_length("#define A \\\n 1\nint"), 14U);
  EXPECT_EQ(c_directive_length("#define A /* \n */ 1\nint"), 19U);
  EXPECT_EQ(c_directive_length("#define A \"/*\"\nint"), 14U);
  EXPECT_EQ(c_directive_length("#x"), 2U);
}

TEST(CText, DefinitionEnds) {
  const auto length = [](std::string_view text) {
    return c_definition_length(text, [&](std::size_t at, std::size_t) { return text[at] == '!'; });
  };
  EXPECT_EQ(length("struct a { int b; }; x"), 20U);
  EXPECT_EQ(length("struct a { struct { int b; } c; } x"), 33U);
  EXPECT_EQ(length("struct a { } __attribute__((packed)); x"), 37U);
  EXPECT_EQ(length("struct a { }\n__attribute__((packed)); x"), 37U);
  EXPECT_EQ(length("struct a; x"), 9U);
  EXPECT_EQ(length("typedef struct { } a; x"), 21U);
  EXPECT_EQ(length("typedef struct { } a\n! x"), 20U);
  EXPECT_EQ(length("struct a {\n! x"), 10U);
  EXPECT_EQ(length("struct a { char *b; /* } */ // }\n }"), 35U);
  EXPECT_EQ(length("enum { A"), 8U);
}

TEST(CText, Outline) {
  const COutline outline = c_outline(
      "#define struct x {\n"
      "struct a { struct b { int c; } d; struct e *f; };\n"
      "typedef struct __attribute__((packed)) { int g; } h, *i;\n"
      "typedef int (*j)(int k), l[3];\n"
      "enum m { N = (1, 2), O } p;\n"
      "union q;\n");
  std::vector<std::string> tags;
  for (const auto& tag : outline.tags)
    tags.push_back(std::string(tag.keyword) + " " + std::string(tag.name));
  EXPECT_THAT(tags, ElementsAre("struct a", "struct b", "enum m"));
  EXPECT_THAT(outline.typedefs, ElementsAre("h", "i", "j", "l"));
  EXPECT_THAT(outline.constants, ElementsAre("N", "O"));
}

TEST(CText, FunctionsLoseTheirBodies) {
  EXPECT_EQ(c_without_functions("int f(int a) { return g({ 1; }); } int b;"),
            "int f(int a) ; int b;");
  EXPECT_EQ(c_without_functions("struct a { int b; }; x"), "struct a { int b; }; x");
  EXPECT_EQ(c_without_functions("typedef struct __attribute__((packed)) { int b; } a;"),
            "typedef struct __attribute__((packed)) { int b; } a;");
  EXPECT_EQ(c_without_functions("# 1 \"a) {\"\nstruct b f(struct c) { d; }"),
            "# 1 \"a) {\"\nstruct b f(struct c) ;");
  EXPECT_EQ(c_without_functions("int f(void) {\n  a;\n} b"), "int f(void) ;\n\n b");
  EXPECT_EQ(c_without_functions("int f(void) { open"), "int f(void) ;");
}

TEST(CText, Literals) {
  EXPECT_EQ(c_unquote("\"a\\tb\\x41\\101\\0\""), std::string("a\tbAA\0", 6));
  EXPECT_EQ(c_unquote("'\\''"), "'");
  EXPECT_EQ(c_unquote("\"open"), std::nullopt);
  EXPECT_EQ(c_unquote("\"\\q\""), std::nullopt);
  EXPECT_EQ(c_unquote("\"\\x\""), std::nullopt);
  EXPECT_EQ(c_unquote("\"a\\\""), std::nullopt);
}

}  // namespace
}  // namespace sonde
