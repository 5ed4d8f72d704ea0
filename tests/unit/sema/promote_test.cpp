// The type rules, one row each.
#include "sema/promote.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace sonde::sema {
namespace {

using types::AddressSpace;
using types::TypeKind;

class Promote : public testing::Test {
 protected:
  // A type by its name in the rows below.
  const Type* type(const std::string& name) {
    if (name == "-") return nullptr;
    if (name == "bool") return types_.bool_type();
    if (name == "enum") return enum_;
    if (name == "enum2") return other_enum_;
    if (name == "s8") return types_.integer(8, true);
    if (name == "u8") return types_.integer(8, false);
    if (name == "s16") return types_.integer(16, true);
    if (name == "u16") return types_.integer(16, false);
    if (name == "s32") return types_.integer(32, true);
    if (name == "u32") return types_.integer(32, false);
    if (name == "s64") return types_.int64();
    if (name == "u64") return types_.uint64();
    if (name == "str4") return types_.string(4);
    if (name == "str16") return types_.string(16);
    if (name == "buf8") return types_.buffer(8);
    if (name == "buf32") return types_.buffer(32);
    if (name == "void*") return types_.pointer(types_.void_type(), AddressSpace::Kernel);
    if (name == "u8*") return types_.pointer(type("u8"), AddressSpace::Kernel);
    if (name == "u8*user") return types_.pointer(type("u8"), AddressSpace::User);
    if (name == "u8*any") return types_.pointer(type("u8"), AddressSpace::Unknown);
    if (name == "u64*") return types_.pointer(type("u64"), AddressSpace::Kernel);
    if (name == "ksym") return types_.simple(TypeKind::KernelSymbol);
    if (name == "count") return types_.simple(TypeKind::Count);
    if (name == "sum") return types_.aggregation(TypeKind::Sum, true);
    if (name == "usum") return types_.aggregation(TypeKind::Sum, false);
    if (name == "max") return types_.aggregation(TypeKind::Max, true);
    if (name == "hist0") return types_.hist(0);
    if (name == "hist2") return types_.hist(2);
    if (name == "(s64,str4)") return types_.tuple({type("s64"), type("str4")});
    if (name == "(u64,str16)") return types_.tuple({type("u64"), type("str16")});
    if (name == "(s64,str16)") return types_.tuple({type("s64"), type("str16")});
    if (name == "(u8,str4)") return types_.tuple({type("u8"), type("str4")});
    if (name == "(u8,str16)") return types_.tuple({type("u8"), type("str16")});
    if (name == "(u64,str4)") return types_.tuple({type("u64"), type("str4")});
    if (name == "(s64)") return types_.tuple({type("s64")});
    ADD_FAILURE() << "no type " << name;
    return nullptr;
  }

  static std::string show(const Type* type) { return type != nullptr ? type->name() : "-"; }

  types::Context types_;
  const Type* enum_ = types_.new_enum({"color", {{"RED", 1}}}, 32, false);
  const Type* other_enum_ = types_.new_enum({"shape", {{"BOX", 1}}}, 32, false);
};

struct Row {
  const char* left;
  const char* right;
  const char* result;
};

// Every pair of integer types; the rule is symmetric.
TEST_F(Promote, JoinIsTheSmallestIntegerThatHoldsBoth) {
  for (const Row& row : {Row{"u8", "u8", "u8"}, {"u8", "u16", "u16"},  {"u8", "u32", "u32"},
                         {"u8", "u64", "u64"},  {"u8", "s8", "s16"},   {"u8", "s16", "s16"},
                         {"u8", "s32", "s32"},  {"u8", "s64", "s64"},  {"u16", "u16", "u16"},
                         {"u16", "u32", "u32"}, {"u16", "u64", "u64"}, {"u16", "s8", "s32"},
                         {"u16", "s16", "s32"}, {"u16", "s32", "s32"}, {"u16", "s64", "s64"},
                         {"u32", "u32", "u32"}, {"u32", "u64", "u64"}, {"u32", "s8", "s64"},
                         {"u32", "s16", "s64"}, {"u32", "s32", "s64"}, {"u32", "s64", "s64"},
                         {"u64", "u64", "u64"}, {"u64", "s8", "-"},    {"u64", "s16", "-"},
                         {"u64", "s32", "-"},   {"u64", "s64", "-"},   {"s8", "s8", "s8"},
                         {"s8", "s16", "s16"},  {"s8", "s32", "s32"},  {"s8", "s64", "s64"},
                         {"s16", "s16", "s16"}, {"s16", "s32", "s32"}, {"s16", "s64", "s64"},
                         {"s32", "s32", "s32"}, {"s32", "s64", "s64"}, {"s64", "s64", "s64"}}) {
    const Type* left = type(row.left);
    const Type* right = type(row.right);
    EXPECT_EQ(show(join_integers(types_, left, right)), show(type(row.result)))
        << row.left << " and " << row.right;
    EXPECT_EQ(join_integers(types_, right, left), join_integers(types_, left, right))
        << row.left << " and " << row.right;
  }
}

TEST_F(Promote, ComparisonIsDoneInTheJoinOrAsUint64) {
  for (const Row& row : {Row{"s32", "s64", "s64"},
                         {"s32", "u64", "u64"},
                         {"u64", "s64", "u64"},
                         {"s32", "u32", "s64"},
                         {"s8", "u16", "s32"},
                         {"bool", "u8", "u8"},
                         {"bool", "s8", "s16"},
                         {"enum", "s32", "s64"},
                         {"enum", "u64", "u64"}}) {
    EXPECT_EQ(common_integer(types_, type(row.left), type(row.right)), type(row.result))
        << row.left << " and " << row.right;
  }
}

TEST_F(Promote, ArithmeticIsDoneIn64Bits) {
  for (const Row& row : {Row{"s32", "s32", "s64"},
                         {"u8", "u8", "s64"},
                         {"u32", "u32", "s64"},
                         {"u32", "s64", "s64"},
                         {"u8", "s8", "s64"},
                         {"u8", "u64", "u64"},
                         {"s64", "u64", "u64"},
                         {"bool", "bool", "s64"},
                         {"enum", "enum", "s64"}}) {
    EXPECT_EQ(arithmetic_type(types_, type(row.left), type(row.right)), type(row.result))
        << row.left << " and " << row.right;
  }
}

TEST_F(Promote, LiteralsFitByValue) {
  struct Case {
    std::uint64_t value;
    const char* text;
    const char* type;
    bool fits;
  };
  for (const Case& c :
       {Case{255, "255", "u8", true},
        {256, "256", "u8", false},
        {127, "127", "s8", true},
        {128, "128", "s8", false},
        {static_cast<std::uint64_t>(-128), "-128", "s8", true},
        {static_cast<std::uint64_t>(-129), "-129", "s8", false},
        {static_cast<std::uint64_t>(-1), "-1", "u64", false},
        {static_cast<std::uint64_t>(-1), "-1", "s64", true},
        {static_cast<std::uint64_t>(INT64_MIN), "-9223372036854775808", "s64", true},
        {UINT64_MAX, "18446744073709551615", "u64", true},
        {UINT64_MAX, "18446744073709551615", "s64", false},
        {0, "0", "bool", false},
        {0, "0", "void*", false}}) {
    const ast::IntegerLiteral literal({}, c.value, c.text);
    EXPECT_EQ(literal_fits(literal, type(c.type)), c.fits) << c.text << " in " << c.type;
  }
}

TEST_F(Promote, LiteralsTakeTheSmallestTypeThatHoldsThem) {
  struct Case {
    std::int64_t value;
    const char* text;
    const char* type;
  };
  for (const Case& c : {Case{0, "0", "u8"},
                        {1, "", "u8"},
                        {255, "255", "u8"},
                        {256, "256", "u16"},
                        {65535, "65535", "u16"},
                        {65536, "65536", "u32"},
                        {4294967295, "4294967295", "u32"},
                        {4294967296, "4294967296", "u64"},
                        {-1, "0xffffffffffffffff", "u64"},
                        {-1, "-1", "s8"},
                        {-128, "-128", "s8"},
                        {-129, "-129", "s16"},
                        {-32768, "-32768", "s16"},
                        {-32769, "-32769", "s32"},
                        {INT32_MIN, "-2147483648", "s32"},
                        {-2147483649, "-2147483649", "s64"},
                        {INT64_MIN, "-9223372036854775808", "s64"}}) {
    const ast::IntegerLiteral literal({}, static_cast<std::uint64_t>(c.value), c.text);
    EXPECT_EQ(show(literal_type(types_, literal)), show(type(c.type))) << c.value << c.text;
  }
}

TEST_F(Promote, Join) {
  for (const Row& row : {Row{"-", "s64", "s64"},
                         {"s64", "u64", "-"},
                         {"u64", "s8", "-"},
                         {"s32", "u8", "s32"},
                         {"bool", "bool", "bool"},
                         {"bool", "s64", "s64"},
                         {"s8", "bool", "s16"},
                         {"enum", "enum", "enum"},
                         {"enum", "enum2", "u32"},
                         {"enum", "s64", "s64"},
                         {"u64", "enum", "u64"},
                         {"str4", "str16", "str16"},
                         {"str16", "str4", "str16"},
                         {"buf32", "buf8", "buf32"},
                         {"u8*", "void*", "u8*"},
                         {"void*", "u8*", "u8*"},
                         {"u8*", "u8*user", "u8*any"},
                         {"u8*", "u64*", "-"},
                         {"u8*", "u64", "-"},
                         {"str4", "s64", "-"},
                         {"str4", "u8*", "-"},
                         {"ksym", "u64", "-"},
                         {"count", "count", "count"},
                         {"count", "sum", "-"},
                         {"sum", "usum", "sum"},
                         {"usum", "sum", "sum"},
                         {"sum", "max", "-"},
                         {"hist0", "hist2", "-"},
                         {"s64", "count", "-"},
                         {"count", "s64", "-"},
                         {"(u64,str4)", "(u8,str16)", "(u64,str16)"},
                         {"(s64,str4)", "(u64,str16)", "-"},
                         {"(s64,str4)", "(s64)", "-"},
                         {"(s64)", "s64", "-"}}) {
    EXPECT_EQ(show(join(types_, type(row.left), type(row.right))), show(type(row.result)))
        << row.left << " and " << row.right;
  }
}

// What a place holds that is given values one after the other, each as "natural/exact".
TEST_F(Promote, PlacesHoldTheNaturalTypeInTheWidthOfTheExactOnes) {
  struct Case {
    std::vector<std::pair<const char*, const char*>> given;
    const char* held;
  };
  for (const Case& c :
       {Case{{{"u8", "u8"}, {"s16", "s16"}}, "s16"},
        {{{"u8", "u8"}, {"u8", "s64"}}, "s64"},                  // $x = 1; $x++
        {{{"u8", "u8"}, {"u8", "s64"}, {"u64", "u64"}}, "u64"},  // ... $x = nsecs
        {{{"u64", "u64"}, {"u8", "s64"}, {"u8", "u8"}}, "u64"},  // in any order
        {{{"u32", "s64"}, {"u64", "u64"}}, "u64"},               // pid + 1; nsecs
        {{{"s32", "s64"}, {"u64", "u64"}}, "-"},
        {{{"u64", "u64"}, {"s8", "s8"}}, "-"},
        {{{"s8", "s8"}, {"u8", "s64"}}, "s64"},
        {{{"(u8,str4)", "(s64,str4)"}, {"(u64,str16)", "(u64,str16)"}}, "(u64,str16)"},
        {{{"(u8,str4)", "(s64,str4)"}, {"(u8,str16)", "(u8,str16)"}}, "(s64,str16)"},
        {{{"enum", "enum"}, {"enum", "enum"}}, "enum"}}) {
    Given held;
    bool agree = true;
    for (const auto& [natural, exact] : c.given) {
      agree = agree && give(types_, held, {type(natural), type(exact)}, &join);
    }
    EXPECT_EQ(agree ? show(held_type(types_, held)) : "-", show(type(c.held)))
        << c.given.front().first << " ... " << c.given.back().first;
  }
}

// 'L' is a literal above 32 bits that int64 holds.
TEST_F(Promote, LargeLiteralsTakeTheSignOfTheOthers) {
  const auto held_by = [&](const std::vector<const char*>& names) {
    Given held;
    for (const std::string name : names) {
      const Type* given = type(name == "L" ? "u64" : name);
      if (!give(types_, held, {given, given, name == "L"}, &join)) return std::string("-");
    }
    return show(held_type(types_, held));
  };
  EXPECT_EQ(held_by({"L"}), "uint64");
  EXPECT_EQ(held_by({"L", "u8"}), "uint64");
  EXPECT_EQ(held_by({"L", "s8"}), "int64");
  EXPECT_EQ(held_by({"s8", "L"}), "int64");
  EXPECT_EQ(held_by({"L", "u32", "L", "s32", "L"}), "int64");
  EXPECT_EQ(held_by({"L", "u64", "s8"}), "-");
  EXPECT_EQ(held_by({"u64", "L", "s8"}), "-");
  EXPECT_EQ(held_by({"L", "s8", "u64"}), "-");
  EXPECT_EQ(held_by({"L", "str4"}), "-");
}

TEST_F(Promote, DeclaredPlacesTakeWhatFits) {
  for (const Row& row : {Row{"u8", "u8", "yes"},
                         {"u16", "u8", "yes"},
                         {"u8", "u16", "no"},
                         {"u8", "s8", "no"},
                         {"s16", "u8", "yes"},
                         {"s64", "u64", "no"},
                         {"enum", "u8", "yes"},
                         {"bool", "u8", "yes"},
                         {"bool", "s64", "no"},
                         {"str4", "str16", "yes"},
                         {"str4", "u8", "no"}}) {
    EXPECT_EQ(fits_declared(types_, type(row.left), type(row.right)),
              row.result == std::string("yes"))
        << row.left << " given " << row.right;
  }
}

TEST_F(Promote, KeysMixPointersAndIntegers) {
  for (const Row& row : {Row{"u8*", "u64", "u64"},
                         {"u64", "u8*", "u64"},
                         {"u8*", "u64*", "u64"},
                         {"u8*", "void*", "u8*"},
                         {"u8*", "str4", "-"},
                         {"-", "u8*", "u8*"}}) {
    EXPECT_EQ(show(join_key(types_, type(row.left), type(row.right))), show(type(row.result)))
        << row.left << " and " << row.right;
  }
}

}  // namespace
}  // namespace sonde::sema
