#include "sema/events.h"

#include <gmock/gmock.h>

#include "types/type.h"

namespace sonde::sema {
namespace {

TEST(LayOut, FieldsAreAlignedBehindTheHeader) {
  types::Context types;
  plan::Action action;
  for (const types::Type* type : {types.integer(8, true), types.uint32(), types.string(5),
                                  types.uint64(), types.bool_type(), types.buffer(3)}) {
    action.fields.push_back({0, type});
  }
  lay_out(action);
  std::vector<std::uint32_t> offsets;
  for (const plan::EventField& field : action.fields) offsets.push_back(field.offset);
  EXPECT_THAT(offsets, testing::ElementsAre(8, 12, 16, 24, 32, 40));
  EXPECT_EQ(action.size, 56U);  // 40 + 8 + 3, rounded up.
}

TEST(LayOut, ARecordWithoutFieldsIsItsHeader) {
  plan::Action action;
  lay_out(action);
  EXPECT_EQ(action.size, sizeof(plan::RecordHeader));
}

}  // namespace
}  // namespace sonde::sema
