#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "types/type.h"

namespace {

using namespace sonde::types;
using testing::ElementsAre;

class CountingSource : public RecordSource {
 public:
  bool complete(Record& record) override {
    ++calls;
    record.size = 24;
    record.fields = {{.name = "x", .type = field_type, .offset = 16}};
    return known;
  }
  int calls = 0;
  bool known = true;
  const Type* field_type = nullptr;
};

Record record_from(RecordSource& source) {
  Record record;
  record.name = "s";
  record.source = &source;
  return record;
}

Record record_with(std::vector<Field> fields) {
  Record record;
  record.fields = std::move(fields);
  return record;
}

TEST(RecordTest, IsCompletedOnce) {
  Context types;
  CountingSource source;
  source.field_type = types.int64();
  const Type* type = types.new_record(record_from(source));
  EXPECT_EQ(source.calls, 0);  // Nobody has asked yet.
  EXPECT_EQ(type->size(), 24U);
  EXPECT_EQ(type->record()->find_field("x")->field.offset, 16U);
  EXPECT_TRUE(type->record()->complete());
  EXPECT_EQ(source.calls, 1);
}

TEST(RecordTest, OnlyDeclaredStaysIncomplete) {
  Context types;
  CountingSource source;
  source.known = false;
  source.field_type = types.int64();
  Record record = record_from(source);
  EXPECT_FALSE(record.complete());
  EXPECT_FALSE(record.complete());
  EXPECT_EQ(source.calls, 1);
}

TEST(RecordTest, FindsFieldsOfAnonymousMembers) {
  Context types;
  const Type* inner = types.new_record(record_with(
      {{.name = "a", .type = types.int64()}, {.name = "b", .type = types.uint32(), .offset = 4}}));
  const Type* middle = types.new_record(record_with({{.name = "", .type = inner, .offset = 8}}));
  Record outer = record_with({{.name = "first", .type = types.int64()},
                              {.name = "", .type = middle, .offset = 16},
                              {.name = "last", .type = types.int64(), .offset = 32}});
  EXPECT_EQ(outer.find_field("b")->field.offset, 16U + 8U + 4U);
  EXPECT_EQ(outer.find_field("b")->field.type, types.uint32());
  EXPECT_EQ(outer.find_field("last")->field.offset, 32U);
  EXPECT_FALSE(outer.find_field("none").has_value());
  EXPECT_FALSE(outer.find_field("").has_value());
  EXPECT_THAT(outer.field_names(), ElementsAre("first", "a", "b", "last"));
}

TEST(RecordTest, AnOwnFieldWinsOverAnAnonymousOne) {
  Context types;
  const Type* inner = types.new_record(record_with({{.name = "x", .type = types.int64()}}));
  Record outer = record_with({{.name = "", .type = inner, .offset = 8},
                              {.name = "x", .type = types.uint32(), .offset = 0}});
  EXPECT_EQ(outer.find_field("x")->field.type, types.uint32());
}

TEST(EnumTest, NamesValues) {
  const Enum e{.name = "state", .values = {{"RUNNING", 0}, {"GONE", UINT64_MAX}}};
  EXPECT_EQ(e.name_of(0), "RUNNING");
  EXPECT_EQ(e.name_of(UINT64_MAX), "GONE");
  EXPECT_EQ(e.name_of(1), "");
}

}  // namespace
