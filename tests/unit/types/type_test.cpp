#include "types/type.h"

#include <gtest/gtest.h>

namespace {

using namespace sonde::types;

Record record_of(std::string name, std::uint32_t size) {
  Record record;
  record.name = std::move(name);
  record.size = size;
  return record;
}

TEST(ContextTest, EqualTypesAreOneType) {
  Context types;
  EXPECT_EQ(types.integer(64, true), types.int64());
  EXPECT_EQ(types.string(16), types.string(16));
  EXPECT_EQ(types.tuple({types.int64(), types.string(8)}),
            types.tuple({types.int64(), types.string(8)}));
  EXPECT_EQ(types.lhist(0, 10, 1), types.lhist(0, 10, 1));
  EXPECT_EQ(types.simple(TypeKind::Count), types.simple(TypeKind::Count));
}

TEST(ContextTest, DifferentTypesAreNot) {
  Context types;
  EXPECT_NE(types.int64(), types.uint64());
  EXPECT_NE(types.string(16), types.string(17));
  EXPECT_NE(types.string(16), types.buffer(16));
  EXPECT_NE(types.tuple({types.int64(), types.string(8)}),
            types.tuple({types.string(8), types.int64()}));
  EXPECT_NE(types.lhist(0, 10, 1), types.lhist(0, 10, 2));
  EXPECT_NE(types.hist(0), types.hist(1));
  EXPECT_NE(types.aggregation(TypeKind::Sum, true), types.aggregation(TypeKind::Sum, false));
  EXPECT_NE(types.pointer(types.int64(), AddressSpace::Kernel),
            types.pointer(types.int64(), AddressSpace::User));
  EXPECT_NE(types.stack(TypeKind::KernelStack, StackMode::Perf, 127),
            types.stack(TypeKind::KernelStack, StackMode::Raw, 127));
}

TEST(ContextTest, RecordsAreThemselvesOnly) {
  Context types;
  EXPECT_NE(types.new_record(record_of("s", 8)), types.new_record(record_of("s", 8)));
}

TEST(ContextTest, WithSpaceKeepsThePointee) {
  Context types;
  const Type* kernel = types.pointer(types.uint32(), AddressSpace::Kernel);
  const Type* user = types.with_space(kernel, AddressSpace::User);
  EXPECT_EQ(user, types.pointer(types.uint32(), AddressSpace::User));
  EXPECT_EQ(user->element(), types.uint32());
}

struct SizeCase {
  const char* name;
  std::uint32_t size;
  std::uint32_t alignment;
  const Type* (*make)(Context&);
};

class TypeSizeTest : public testing::TestWithParam<SizeCase> {};

TEST_P(TypeSizeTest, HasNameSizeAndAlignment) {
  Context types;
  const Type* type = GetParam().make(types);
  EXPECT_EQ(type->name(), GetParam().name);
  EXPECT_EQ(type->size(), GetParam().size);
  EXPECT_EQ(type->alignment(), GetParam().alignment);
}

#define SONDE_SIZE(name, size, alignment, expression)                                 \
  SizeCase {                                                                          \
    name, size, alignment, [](Context& context) -> const Type* { return expression; } \
  }

INSTANTIATE_TEST_SUITE_P(
    Table, TypeSizeTest,
    testing::Values(
        SONDE_SIZE("void", 0, 1, context.void_type()),
        SONDE_SIZE("bool", 1, 1, context.bool_type()),
        SONDE_SIZE("int8", 1, 1, context.integer(8, true)),
        SONDE_SIZE("uint16", 2, 2, context.integer(16, false)),
        SONDE_SIZE("uint32", 4, 4, context.uint32()), SONDE_SIZE("int64", 8, 8, context.int64()),
        SONDE_SIZE("enum state", 4, 4,
                   context.new_enum({.name = "state", .values = {}}, 32, false)),
        SONDE_SIZE("uint32 *", 8, 8, context.pointer(context.uint32(), AddressSpace::Kernel)),
        SONDE_SIZE("void **", 8, 8,
                   context.pointer(context.pointer(context.void_type(), AddressSpace::User),
                                   AddressSpace::User)),
        SONDE_SIZE("string[16]", 16, 1, context.string(16)),
        SONDE_SIZE("buffer[5]", 13, 8, context.buffer(5)),
        SONDE_SIZE("uint32[3]", 12, 4, context.array(context.uint32(), 3)),
        SONDE_SIZE("float", 4, 4, context.floating(32)),
        SONDE_SIZE("double", 8, 8, context.floating(64)),
        SONDE_SIZE("top_t", 8 * (6 + 128 * 4), 8, context.top(context.uint32(), 10)),
        SONDE_SIZE("struct s", 12, 8, context.new_record(record_of("s", 12))),
        SONDE_SIZE("timestamp", 8, 8, context.timestamp(0)),
        SONDE_SIZE("ksym_t", 8, 8, context.simple(TypeKind::KernelSymbol)),
        SONDE_SIZE("usym_t", 16, 8, context.simple(TypeKind::UserSymbol)),
        SONDE_SIZE("username_t", 8, 8, context.simple(TypeKind::Username)),
        SONDE_SIZE("gfp_flags_t", 8, 8, context.simple(TypeKind::GfpFlags)),
        SONDE_SIZE("comm_t", 8, 8, context.simple(TypeKind::ProcessName)),
        SONDE_SIZE("inet_t", 24, 8, context.simple(TypeKind::Inet)),
        SONDE_SIZE("macaddr_t", 8, 8, context.simple(TypeKind::MacAddress)),
        SONDE_SIZE("cgroup_path_t", 8, 8, context.cgroup_path(0)),
        SONDE_SIZE("string[16]", 17, 1, context.string(16, true)),
        SONDE_SIZE("kstack", 8, 8, context.stack(TypeKind::KernelStack, StackMode::Perf, 127)),
        SONDE_SIZE("ustack", 16, 8, context.stack(TypeKind::UserStack, StackMode::Perf, 127)),
        SONDE_SIZE("count_t", 8, 8, context.simple(TypeKind::Count)),
        SONDE_SIZE("usum_t", 8, 8, context.aggregation(TypeKind::Sum, false)),
        SONDE_SIZE("min_t", 16, 8, context.aggregation(TypeKind::Min, true)),
        SONDE_SIZE("umax_t", 16, 8, context.aggregation(TypeKind::Max, false)),
        SONDE_SIZE("avg_t", 16, 8, context.aggregation(TypeKind::Average, true)),
        SONDE_SIZE("stats_t", 16, 8, context.aggregation(TypeKind::Stats, true)),
        SONDE_SIZE("hist_t", 8 * 65, 8, context.hist(0)),
        SONDE_SIZE("lhist_t", 8 * 12, 8, context.lhist(0, 10, 1))));

TEST(TupleTest, HasTheLayoutOfAStruct) {
  Context types;
  struct Same {
    std::uint8_t a;
    std::uint64_t b;
    char c[5];
    std::uint16_t d;
  };
  const Type* tuple = types.tuple(
      {types.integer(8, false), types.uint64(), types.string(5), types.integer(16, false)});
  EXPECT_EQ(tuple->element_offset(0), offsetof(Same, a));
  EXPECT_EQ(tuple->element_offset(1), offsetof(Same, b));
  EXPECT_EQ(tuple->element_offset(2), offsetof(Same, c));
  EXPECT_EQ(tuple->element_offset(3), offsetof(Same, d));
  EXPECT_EQ(tuple->size(), sizeof(Same));
  EXPECT_EQ(tuple->alignment(), alignof(Same));
  EXPECT_EQ(tuple->name(), "(uint8,uint64,string[5],uint16)");
}

TEST(TupleTest, Nests) {
  Context types;
  const Type* inner = types.tuple({types.int64(), types.bool_type()});
  const Type* outer = types.tuple({types.bool_type(), inner});
  EXPECT_EQ(inner->size(), 16U);
  EXPECT_EQ(outer->element_offset(1), 8U);
  EXPECT_EQ(outer->size(), 24U);
  EXPECT_EQ(types.tuple({})->size(), 0U);
}

TEST(TypeTest, KindsAreGrouped) {
  Context types;
  EXPECT_TRUE(types.bool_type()->is_integral());
  EXPECT_FALSE(types.bool_type()->is_integer());
  EXPECT_TRUE(types.simple(TypeKind::Count)->is_aggregation());
  EXPECT_TRUE(types.lhist(0, 1, 1)->is_aggregation());
  EXPECT_FALSE(types.stack(TypeKind::UserStack, StackMode::Raw, 1)->is_aggregation());
  EXPECT_TRUE(types.stack(TypeKind::UserStack, StackMode::Raw, 1)->is_stack());
  EXPECT_TRUE(types.stack(TypeKind::KernelStack, StackMode::Raw, 1)->is_scalar());
  EXPECT_FALSE(types.stack(TypeKind::UserStack, StackMode::Raw, 1)->is_scalar());
  EXPECT_FALSE(types.string(4)->is_scalar());
}

TEST(TypeTest, ArraysOfCharactersAreAnotherType) {
  Context types;
  const Type* element = types.integer(32, true);
  EXPECT_NE(types.array(element, 4, true), types.array(element, 4));
  EXPECT_TRUE(types.array(element, 4, true)->is_wide_text());
  EXPECT_FALSE(types.array(element, 4)->is_wide_text());
  EXPECT_TRUE(is_wide_character("char16_t"));
  EXPECT_FALSE(is_wide_character("char"));
}

TEST(EnumTest, FlagsAreNamed) {
  const Enum access{"access", {{"NONE", 0}, {"READ", 1}, {"WRITE", 2}, {"RUN", 4}}};
  EXPECT_EQ(access.text_of(0), "NONE");
  EXPECT_EQ(access.text_of(2), "WRITE");
  EXPECT_EQ(access.text_of(7), "READ|WRITE|RUN");
  EXPECT_EQ(access.text_of(0x45), "READ|RUN|0x40");
  EXPECT_EQ(access.text_of(0x40), "");
  EXPECT_EQ(access.text_of(UINT64_MAX), "READ|WRITE|RUN|0xfffffffffffffff8");
}

TEST(EnumTest, OtherEnumsHaveNoFlags) {
  EXPECT_EQ((Enum{"level", {{"LOW", 0}, {"HIGH", 1}, {"TOP", 2}}}.text_of(3)), "");
  EXPECT_EQ((Enum{"level", {{"A", 1}, {"B", 2}, {"C", 3}, {"D", 4}}}.text_of(5)), "");
  EXPECT_EQ((Enum{"level", {{"A", 1}, {"B", 2}, {"C", 3}}}.text_of(3)), "C");
  EXPECT_EQ((Enum{"nothing", {}}.text_of(3)), "");
}

}  // namespace
