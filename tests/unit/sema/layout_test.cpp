#include <gmock/gmock.h>

#include "sema/programs.h"

namespace sonde::sema {
namespace {

types::Record arguments(std::vector<types::Field> fields, std::uint32_t size) {
  types::Record record;
  record.name = "event";
  record.keyword = types::Record::Keyword::Arguments;
  record.fields = std::move(fields);
  record.size = size;
  return record;
}

TEST(SameLayout, ComparesNamesTypesAndPlaces) {
  types::Context types;
  const Type* one =
      types.new_record(arguments({{.name = "fd", .type = types.uint64(), .offset = 16}}, 24));
  const Type* twin =
      types.new_record(arguments({{.name = "fd", .type = types.uint64(), .offset = 16}}, 24));
  const Type* moved =
      types.new_record(arguments({{.name = "fd", .type = types.uint64(), .offset = 8}}, 24));
  const Type* renamed =
      types.new_record(arguments({{.name = "fd2", .type = types.uint64(), .offset = 16}}, 24));
  const Type* retyped =
      types.new_record(arguments({{.name = "fd", .type = types.int64(), .offset = 16}}, 24));
  const Type* located = types.new_record(arguments(
      {{.name = "fd", .type = types.uint64(), .offset = 16, .access = types::FieldAccess::DataLoc}},
      24));
  const Type* empty = types.new_record(arguments({}, 24));
  EXPECT_TRUE(same_layout(one, one));
  EXPECT_TRUE(same_layout(one, twin));
  EXPECT_FALSE(same_layout(one, moved));
  EXPECT_FALSE(same_layout(one, renamed));
  EXPECT_FALSE(same_layout(one, retyped));
  EXPECT_FALSE(same_layout(one, located));
  EXPECT_FALSE(same_layout(one, empty));
  EXPECT_FALSE(same_layout(one, nullptr));
  EXPECT_TRUE(same_layout(nullptr, nullptr));
}

TEST(SameLayout, BitFieldsCount) {
  types::Context types;
  const auto with_bits = [&](std::uint32_t shift) {
    return types.new_record(arguments({{.name = "flag",
                                        .type = types.uint32(),
                                        .offset = 8,
                                        .bit_field = types::BitField{shift, 1}}},
                                      16));
  };
  EXPECT_TRUE(same_layout(with_bits(3), with_bits(3)));
  EXPECT_FALSE(same_layout(with_bits(3), with_bits(4)));
}

}  // namespace
}  // namespace sonde::sema
