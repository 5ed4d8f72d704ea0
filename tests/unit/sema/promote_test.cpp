// The type rules, one row each.
#include "sema/promote.h"

#include <gmock/gmock.h>

#include <string>

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

TEST_F(Promote, CommonIntegerIsTheWiderAndOfEqualWidthTheUnsignedOne) {
  for (const Row& row : {Row{"s32", "s64", "s64"},
                         {"u32", "s64", "s64"},
                         {"s32", "u64", "u64"},
                         {"s64", "u64", "u64"},
                         {"u64", "s64", "u64"},
                         {"s32", "u32", "u32"},
                         {"u32", "s32", "u32"},
                         {"s8", "u16", "u16"},
                         {"u8", "s16", "s16"},
                         {"s32", "s32", "s32"},
                         {"u16", "u16", "u16"},
                         {"bool", "u8", "s32"},
                         {"bool", "bool", "s32"},
                         {"enum", "s32", "u32"},
                         {"enum", "s64", "s64"}}) {
    EXPECT_EQ(common_integer(types_, type(row.left), type(row.right)), type(row.result))
        << row.left << " and " << row.right;
  }
}

TEST_F(Promote, ArithmeticIsDoneIn64Bits) {
  for (const Row& row : {Row{"s32", "s32", "s64"},
                         {"u32", "u32", "u64"},
                         {"u32", "s64", "s64"},
                         {"u8", "s8", "u64"},
                         {"s64", "u64", "u64"},
                         {"bool", "bool", "s64"},
                         {"enum", "enum", "u64"}}) {
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

TEST_F(Promote, LiteralsAreSignedIfTheyCan) {
  EXPECT_EQ(literal_type(types_, {{}, 5, "5"}), type("s64"));
  EXPECT_EQ(literal_type(types_, {{}, INT64_MAX, ""}), type("s64"));
  EXPECT_EQ(literal_type(types_, {{}, UINT64_MAX, "0xffffffffffffffff"}), type("u64"));
  EXPECT_EQ(literal_type(types_, {{}, UINT64_MAX, "-1"}), type("s64"));
}

TEST_F(Promote, StoredIntegersHave64Bits) {
  EXPECT_EQ(stored(types_, type("u8")), type("u64"));
  EXPECT_EQ(stored(types_, type("s32")), type("s64"));
  EXPECT_EQ(stored(types_, type("bool")), type("bool"));
  EXPECT_EQ(stored(types_, type("enum")), type("enum"));
  EXPECT_EQ(stored(types_, type("str4")), type("str4"));
}

TEST_F(Promote, Unify) {
  for (const Row& row : {Row{"s64", "s64", "s64"},
                         {"s32", "u64", "u64"},
                         {"u8", "u8", "u8"},
                         {"str4", "str16", "str16"},
                         {"buf32", "buf8", "buf32"},
                         {"bool", "s64", "s64"},
                         {"enum", "enum", "enum"},
                         {"enum", "enum2", "u64"},
                         {"u8*", "void*", "u8*"},
                         {"void*", "u8*", "u8*"},
                         {"u8*", "u64*", "u64"},
                         {"u8*", "u8*user", "u8*any"},
                         {"u8*", "s64", "u64"},
                         {"str4", "s64", "-"},
                         {"ksym", "u64", "-"},
                         {"str4", "u8*", "-"},
                         {"(s64,str4)", "(u64,str16)", "(u64,str16)"},
                         {"(s64,str4)", "(s64)", "-"},
                         {"(s64)", "s64", "-"}}) {
    EXPECT_EQ(show(unify(types_, type(row.left), type(row.right))), show(type(row.result)))
        << row.left << " and " << row.right;
  }
}

TEST_F(Promote, Merge) {
  for (const Row& row : {Row{"-", "s64", "s64"},
                         {"s64", "u64", "s64"},
                         {"u64", "s64", "u64"},
                         {"str4", "str16", "str16"},
                         {"str16", "str4", "str16"},
                         {"bool", "s64", "s64"},
                         {"s64", "bool", "s64"},
                         {"enum", "s64", "s64"},
                         {"u64", "enum", "u64"},
                         {"u8*", "void*", "u8*"},
                         {"void*", "u8*", "u8*"},
                         {"u8*", "u64*", "-"},
                         {"u8*", "u64", "-"},
                         {"str4", "s64", "-"},
                         {"count", "count", "count"},
                         {"count", "sum", "-"},
                         {"sum", "usum", "sum"},
                         {"usum", "sum", "usum"},
                         {"sum", "max", "-"},
                         {"hist0", "hist2", "-"},
                         {"s64", "count", "-"},
                         {"count", "s64", "-"},
                         {"(s64,str4)", "(u64,str16)", "(s64,str16)"},
                         {"s32", "u8", "s64"}}) {
    EXPECT_EQ(show(merge(types_, type(row.left), type(row.right))), show(type(row.result)))
        << row.left << " and " << row.right;
  }
}

TEST_F(Promote, KeysMixPointersAndIntegers) {
  for (const Row& row : {Row{"u8*", "u64", "u64"},
                         {"u64", "u8*", "u64"},
                         {"u8*", "u64*", "u64"},
                         {"u8*", "void*", "u8*"},
                         {"u8*", "str4", "-"},
                         {"-", "u8*", "u8*"}}) {
    EXPECT_EQ(show(merge_key(types_, type(row.left), type(row.right))), show(type(row.result)))
        << row.left << " and " << row.right;
  }
}

}  // namespace
}  // namespace sonde::sema
