// Layouts of struct shapes against what gcc 12 and clang 22 give on x86-64: sizeof, _Alignof and offsetof, and for bit
// fields the first and the number of the bits that a field of all ones sets. The numbers were printed by those compilers.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "kernel/fixture.h"
#include "resolve/c/parser.h"

namespace sonde::resolve::c {
namespace {

struct Place {
  std::string_view path;
  std::uint32_t offset;
};
struct Shape {
  std::string_view text;
  std::uint32_t size;
  std::uint32_t alignment;
  std::vector<Place> fields;
};
const Shape kShapes[] = {
    {R"(struct s { char a; int b; };)", 8, 4, {{"a", 0}, {"b", 4}}},
    {R"(struct s { char a; long b; char c; };)", 24, 8, {{"a", 0}, {"b", 8}, {"c", 16}}},
    {R"(struct s { char a; short b; char c; int d; char e; };)",
     16,
     4,
     {{"a", 0}, {"b", 2}, {"c", 4}, {"d", 8}, {"e", 12}}},
    {R"(struct s { char a[3]; int b; };)", 8, 4, {{"a", 0}, {"b", 4}}},
    {R"(struct s { int m[2][3]; short n[5]; };)", 36, 4, {{"m", 0}, {"n", 24}}},
    {R"(struct s { char a; struct { char b; long c; } d; char e; };)",
     32,
     8,
     {{"a", 0}, {"d", 8}, {"e", 24}, {"d.c", 16}}},
    {R"(struct s { char a; struct { char b; long c; }; char e; };)",
     32,
     8,
     {{"a", 0}, {"b", 8}, {"c", 16}, {"e", 24}}},
    {R"(struct s { int tag; union { char c; long l; double d; }; };)",
     16,
     8,
     {{"tag", 0}, {"c", 8}, {"l", 8}, {"d", 8}}},
    {R"(union s { char a[5]; int b; };)", 8, 4, {{"a", 0}, {"b", 0}}},
    {R"(union s { char a; struct { short b; long long c; } d; };)",
     16,
     8,
     {{"a", 0}, {"d", 0}, {"d.c", 8}}},
    {R"(struct s { int len; char data[]; };)", 4, 4, {{"len", 0}, {"data", 4}}},
    {R"(struct s { char len; long data[0]; };)", 8, 8, {{"len", 0}, {"data", 8}}},
    {R"(struct s { void (*run)(int, char *); int (*more[3])(void); char c; };)",
     40,
     8,
     {{"run", 0}, {"more", 8}, {"c", 32}}},
    {R"(struct __attribute__((packed)) s { char a; int b; long c; };)",
     13,
     1,
     {{"a", 0}, {"b", 1}, {"c", 5}}},
    {R"(struct s { char a; int b; long c; } __attribute__((packed));)",
     13,
     1,
     {{"a", 0}, {"b", 1}, {"c", 5}}},
    {R"(struct s { char a; int b __attribute__((packed)); char c; long d; };)",
     16,
     8,
     {{"a", 0}, {"b", 1}, {"c", 5}, {"d", 8}}},
    {R"(struct s { char a; int b __attribute__((aligned(16))); char c; };)",
     32,
     16,
     {{"a", 0}, {"b", 16}, {"c", 20}}},
    {R"(struct s { char a; short b; } __attribute__((aligned(32)));)",
     32,
     32,
     {{"a", 0}, {"b", 2}}},
    {R"(struct s { char a; char b __attribute__((aligned(8))); } __attribute__((packed));)",
     16,
     8,
     {{"a", 0}, {"b", 8}}},
    {R"(struct s { char a; struct { short b; char c; } __attribute__((packed)) d; short e; };)",
     6,
     2,
     {{"a", 0}, {"d", 1}, {"e", 4}}},
    {R"(struct s { long double x; char c; };)", 32, 16, {{"x", 0}, {"c", 16}}},
    {R"(struct s { char c; long double x; };)", 32, 16, {{"c", 0}, {"x", 16}}},
    {R"(struct s { char c; __int128 x; };)", 32, 16, {{"c", 0}, {"x", 16}}},
    {R"(struct s { float f; double d; float g; };)", 24, 8, {{"f", 0}, {"d", 8}, {"g", 16}}},
    {R"(struct s { _Bool a; int b; _Bool c; };)", 12, 4, {{"a", 0}, {"b", 4}, {"c", 8}}},
    {R"(struct s { enum { A, B } e; char c; };)", 8, 4, {{"e", 0}, {"c", 4}}},
    {R"(struct s { char c; enum { C = 0x100000000 } e; };)", 16, 8, {{"c", 0}, {"e", 8}}},
    {R"(struct s { int a : 3; int b : 5; int c; };)", 8, 4, {{"c", 4}}},
    {R"(struct s { int a : 30; int b : 5; };)", 8, 4, {}},
    {R"(struct s { char a; int b : 4; char c; };)", 4, 4, {{"a", 0}, {"c", 2}}},
    {R"(struct s { short a : 9; short b : 9; char c; };)", 6, 2, {{"c", 4}}},
    {R"(struct s { char a : 4; char b : 4; char c : 1; int d; };)", 8, 4, {{"d", 4}}},
    {R"(struct s { int a : 3; int : 0; int b : 3; char c; };)", 8, 4, {{"c", 5}}},
    {R"(struct s { char a; int : 0; char b; };)", 5, 1, {{"a", 0}, {"b", 4}}},
    {R"(struct s { char a; int : 5; char b; };)", 3, 1, {{"a", 0}, {"b", 2}}},
    {R"(struct s { long a : 40; int b : 20; char c; };)", 16, 8, {{"c", 8}}},
    {R"(struct s { unsigned long a : 33; unsigned long b : 33; };)", 16, 8, {}},
    {R"(struct s { int a : 3; int b : 30; int c[2]; } __attribute__((packed));)",
     13,
     1,
     {{"c", 5}}},
    {R"(struct s { char x; long a : 60; char c; } __attribute__((packed));)",
     10,
     1,
     {{"x", 0}, {"c", 9}}},
    {R"(struct s { char a; long b : 3; };)", 8, 8, {{"a", 0}}},
    {R"(struct s { int a : 3; char b; int c : 5; short d; int e : 20; };)",
     12,
     4,
     {{"b", 1}, {"d", 4}}},
    {R"(union s { int a : 5; long b : 40; char c; };)", 8, 8, {{"c", 0}}},
    {R"(struct s { _Bool a : 1; _Bool b : 1; int c : 2; };)", 4, 4, {}},
    {R"(struct s { unsigned char a : 7; unsigned short b : 7; unsigned int c : 7; };)", 4, 4, {}},
    {R"(struct s { int a : 8 __attribute__((aligned(8))); char c; };)", 8, 8, {{"c", 1}}},
    {R"(struct s { char a; union { struct { char b; int c; }; short d[7]; } u[2]; char e; };)",
     40,
     4,
     {{"a", 0}, {"u", 4}, {"e", 36}}},
    {R"(struct s { struct { char a[3]; } x[3]; int y; };)", 16, 4, {{"x", 0}, {"y", 12}}},
    {R"(struct s { };)", 0, 1, {}},
    {R"(struct s { int *p; const volatile unsigned long long int q; signed char r; unsigned short int t; };)",
     24,
     8,
     {{"p", 0}, {"q", 8}, {"r", 16}, {"t", 18}}},
};

struct Bits {
  std::string_view text;
  std::string_view field;
  std::uint32_t first;
  std::uint32_t width;
};
const Bits kBits[] = {
    {R"(struct s { int a : 3; int b : 5; int c; };)", "a", 0, 3},
    {R"(struct s { int a : 3; int b : 5; int c; };)", "b", 3, 5},
    {R"(struct s { int a : 30; int b : 5; };)", "a", 0, 30},
    {R"(struct s { int a : 30; int b : 5; };)", "b", 32, 5},
    {R"(struct s { char a; int b : 4; char c; };)", "b", 8, 4},
    {R"(struct s { short a : 9; short b : 9; char c; };)", "a", 0, 9},
    {R"(struct s { short a : 9; short b : 9; char c; };)", "b", 16, 9},
    {R"(struct s { char a : 4; char b : 4; char c : 1; int d; };)", "a", 0, 4},
    {R"(struct s { char a : 4; char b : 4; char c : 1; int d; };)", "b", 4, 4},
    {R"(struct s { char a : 4; char b : 4; char c : 1; int d; };)", "c", 8, 1},
    {R"(struct s { int a : 3; int : 0; int b : 3; char c; };)", "a", 0, 3},
    {R"(struct s { int a : 3; int : 0; int b : 3; char c; };)", "b", 32, 3},
    {R"(struct s { long a : 40; int b : 20; char c; };)", "a", 0, 40},
    {R"(struct s { long a : 40; int b : 20; char c; };)", "b", 40, 20},
    {R"(struct s { unsigned long a : 33; unsigned long b : 33; };)", "a", 0, 33},
    {R"(struct s { unsigned long a : 33; unsigned long b : 33; };)", "b", 64, 33},
    {R"(struct s { int a : 3; int b : 30; int c[2]; } __attribute__((packed));)", "a", 0, 3},
    {R"(struct s { int a : 3; int b : 30; int c[2]; } __attribute__((packed));)", "b", 3, 30},
    {R"(struct s { char x; long a : 60; char c; } __attribute__((packed));)", "a", 8, 60},
    {R"(struct s { char a; long b : 3; };)", "b", 8, 3},
    {R"(struct s { int a : 3; char b; int c : 5; short d; int e : 20; };)", "a", 0, 3},
    {R"(struct s { int a : 3; char b; int c : 5; short d; int e : 20; };)", "c", 16, 5},
    {R"(struct s { int a : 3; char b; int c : 5; short d; int e : 20; };)", "e", 64, 20},
    {R"(union s { int a : 5; long b : 40; char c; };)", "a", 0, 5},
    {R"(union s { int a : 5; long b : 40; char c; };)", "b", 0, 40},
    {R"(struct s { _Bool a : 1; _Bool b : 1; int c : 2; };)", "a", 0, 1},
    {R"(struct s { _Bool a : 1; _Bool b : 1; int c : 2; };)", "b", 1, 1},
    {R"(struct s { _Bool a : 1; _Bool b : 1; int c : 2; };)", "c", 2, 2},
    {R"(struct s { unsigned char a : 7; unsigned short b : 7; unsigned int c : 7; };)", "a", 0, 7},
    {R"(struct s { unsigned char a : 7; unsigned short b : 7; unsigned int c : 7; };)", "b", 7, 7},
    {R"(struct s { unsigned char a : 7; unsigned short b : 7; unsigned int c : 7; };)", "c", 14, 7},
    {R"(struct s { int a : 8 __attribute__((aligned(8))); char c; };)", "a", 0, 8},
};

class CLayout : public testing::Test {
 protected:
  // The definition of `text`, which calls it s.
  const types::Type* define(std::string_view text) {
    scope_.tags.clear();
    scope_.constants.clear();
    const TagKind kind = text.starts_with("union") ? TagKind::Union : TagKind::Struct;
    scope_.defined_tags = {{{kind, "s"}, {}}};
    diag::Emitter emitter;
    Parser parser(scope_, emitter, expand(scope_, text, {0, 0, 0}), {});
    EXPECT_EQ(parser.definition(), Outcome::Fine) << text;
    for (const auto& one : emitter.all()) ADD_FAILURE() << text << ": " << one.text;
    return scope_.find_tag(kind, "s");
  }
  static std::uint32_t offset(const types::Type* type, std::string_view path) {
    std::uint32_t sum = 0;
    while (true) {
      const std::size_t dot = path.find('.');
      const auto found = type->record()->find_field(path.substr(0, dot));
      if (!found) return UINT32_MAX;
      sum += found->field.offset;
      type = found->field.type;
      if (dot == std::string_view::npos) return sum;
      path.remove_prefix(dot + 1);
    }
  }

  types::Context types_;
  std::unique_ptr<kernel::View> view_ = kernel::make_fixture_view(types_);
  Scope scope_{types_, *view_};
};

TEST_F(CLayout, SizesAlignmentsAndOffsets) {
  for (const Shape& shape : kShapes) {
    const types::Type* type = define(shape.text);
    ASSERT_NE(type, nullptr) << shape.text;
    EXPECT_EQ(type->size(), shape.size) << shape.text;
    EXPECT_EQ(types::c_alignment(*type), shape.alignment) << shape.text;
    for (const Place& field : shape.fields) {
      EXPECT_EQ(offset(type, field.path), field.offset) << shape.text << " " << field.path;
    }
  }
}

TEST_F(CLayout, BitFields) {
  for (const Bits& row : kBits) {
    const types::Type* type = define(row.text);
    ASSERT_NE(type, nullptr) << row.text;
    const auto found = type->record()->find_field(row.field);
    ASSERT_TRUE(found && found->field.bit_field) << row.text << " " << row.field;
    const types::Field& field = found->field;
    EXPECT_EQ(field.offset * 8 + field.bit_field->shift, row.first) << row.text << " " << row.field;
    EXPECT_EQ(field.bit_field->width, row.width) << row.text << " " << row.field;
    // What is read lies inside the record and holds all of it.
    EXPECT_LE(field.offset + field.type->size(), type->size()) << row.text << " " << row.field;
    EXPECT_LE(field.bit_field->shift + field.bit_field->width, field.type->bits());
  }
}

class CConstant : public CLayout {
 protected:
  std::optional<Number> evaluate(std::string_view text) {
    diag::Emitter emitter;
    return Parser(scope_, emitter, expand(scope_, text, {0, 0, 0}), {}).constant();
  }
};

TEST_F(CConstant, HasTheTypesOfC) {
  struct Row {
    std::string_view text;
    std::int64_t value;
  };
  // Printed by gcc as (long)(EXPRESSION).
  static constexpr Row kRows[] = {
      {"1 << 4 | 3", 19},
      {"~0", -1},
      {"~0U", 4294967295},
      {"~0UL", -1},
      {"1 << 31", -2147483648},
      {"1U << 31", 2147483648},
      {"0xffffffff", 4294967295},
      {"-1 < 1U", 0},
      {"-1 < 1L", 1},
      {"7 / 2 * 2 + 7 % 4", 9},
      {"-7 / 2", -3},
      {"-7 % 3", -1},
      {"1 ? 2 : 3", 2},
      {"0 ? 2 : 1 ? 4 : 5", 4},
      {"'A' + '\\n' + '\\x41' + '\\101'", 205},
      {"'\\xff'", -1},
      {"(unsigned char)300", 44},
      {"(signed char)200", -56},
      {"sizeof(int) * sizeof(long[3])", 96},
      {"sizeof(char *)", 8},
      {"!5 + !0", 1},
      {"3 > 2 && 2 > 1 || 0", 1},
      {"010 + 0b11 + 0x1f", 42},
      {"(short)-1 == 0xffff", 0},
      {"1 + 2 << 3 & 0x1c", 24},
  };
  for (const Row& row : kRows) {
    const auto value = evaluate(row.text);
    ASSERT_TRUE(value.has_value()) << row.text;
    EXPECT_EQ(value->value(), row.value) << row.text;
  }
}

TEST_F(CConstant, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"", "x", "1 +", "f(1)", "1 / 0", "1 % 0", "1 << 32", "1 << 64L", "(1", "1)", "\"a\"", "1 2",
        "sizeof(struct nowhere)", "''", "'ab'", "99999999999999999999", "1.5", "*p"}) {
    EXPECT_FALSE(evaluate(text).has_value()) << text;
  }
}

TEST_F(CConstant, MacrosAreReplaced) {
  scope_.macros["A"] = {"1 << B", false, {}};
  scope_.macros["B"] = {"(C + 2)", false, {}};
  scope_.macros["C"] = {"C", false, {}};
  EXPECT_FALSE(evaluate("A").has_value());
  scope_.macros["C"] = {"3", false, {}};
  ASSERT_TRUE(evaluate("A").has_value());
  EXPECT_EQ(evaluate("A")->value(), 32);
  // Each one doubles the next: what is too much ends, and is no constant.
  for (int i = 0; i < 40; ++i) {
    const std::string next = "D" + std::to_string(i + 1);
    scope_.macros["D" + std::to_string(i)] = {next + " + " + next, false, {}};
  }
  EXPECT_FALSE(evaluate("D0").has_value());
}

}  // namespace
}  // namespace sonde::resolve::c
