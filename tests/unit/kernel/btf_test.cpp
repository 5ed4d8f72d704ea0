// The raw reader on hand-made blobs, whole and broken.
#include "kernel/btf.h"

#include <gtest/gtest.h>

#include "btf_builder.h"
#include "kernel/btf_text.h"
#include "kernel/btf_types.h"

namespace sonde::kernel {
namespace {

using types::Record;

BtfBuilder small() {
  BtfBuilder build;
  const auto integer = build.integer("int", 4, 1);
  const auto pointer = build.refer(BtfKind::Pointer, integer);
  build.record(BtfKind::Struct, "pair", 16, {{"first", integer, 0}, {"second", pointer, 64}});
  build.enumeration("color", {{"RED", 0}, {"GREEN", 1}});
  build.refer(BtfKind::Typedef, 3, "pair_t");
  return build;
}

TEST(Btf, FindsByNameAndKind) {
  const auto btf = Btf::from_bytes(small().bytes());
  ASSERT_TRUE(btf.has_value());
  const auto entry = btf->find("pair", kind_bit(BtfKind::Struct));
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->id(), 3U);
  EXPECT_EQ(entry->size(), 16U);
  EXPECT_EQ(btf->string(entry->member(1).name), "second");
  EXPECT_FALSE(btf->find("pair", kind_bit(BtfKind::Union)).has_value());
  EXPECT_FALSE(btf->find("pai", kind_bit(BtfKind::Struct)).has_value());
  EXPECT_FALSE(btf->find("", kind_bit(BtfKind::Struct)).has_value());
  EXPECT_EQ(btf->end_id(), 6U);
}

TEST(Btf, EntryOutsideIsNothing) {
  const auto btf = Btf::from_bytes(small().bytes());
  ASSERT_TRUE(btf.has_value());
  EXPECT_FALSE(btf->entry(0).has_value());
  EXPECT_TRUE(btf->entry(5).has_value());
  EXPECT_FALSE(btf->entry(6).has_value());
  EXPECT_FALSE(btf->entry(0xffffffff).has_value());
  EXPECT_EQ(btf->string(0xffffffff), "");
}

TEST(Btf, FindsANameThatStandsTwiceInTheStrings) {
  BtfBuilder build;
  build.append_unused_string("pair");
  const auto pair = build.record(BtfKind::Struct, "pair", 0, {});
  const auto btf = Btf::from_bytes(build.bytes());
  ASSERT_TRUE(btf.has_value());
  EXPECT_EQ(btf->name_offset("pair"), 1U);
  EXPECT_EQ(btf->name_offset("pair", 2), 6U);
  EXPECT_FALSE(btf->name_offset("pair", 7).has_value());
  const auto entry = btf->find("pair", kind_bit(BtfKind::Struct));
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->id(), pair);
}

TEST(Btf, MovesWithItsBytes) {
  auto btf = Btf::from_bytes(small().bytes());
  ASSERT_TRUE(btf.has_value());
  const Btf moved = std::move(*btf);
  EXPECT_TRUE(moved.find("color", kind_bit(BtfKind::Enum)).has_value());
}

TEST(Btf, SplitContinuesItsBase) {
  const BtfBuilder base_build = small();
  const auto base = Btf::from_bytes(base_build.bytes());
  ASSERT_TRUE(base.has_value());
  std::uint32_t strings = 0;
  std::memcpy(&strings, base_build.bytes().data() + 20, sizeof strings);
  BtfBuilder build(base->end_id(), strings);
  const auto id = build.record(BtfKind::Struct, "extended", 24, {{"base", 3, 0}, {"more", 1, 128}});
  const auto module = Btf::from_bytes(build.bytes(), &*base);
  ASSERT_TRUE(module.has_value());
  const auto entry = module->find("extended", kind_bit(BtfKind::Struct));
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->id(), id);
  EXPECT_EQ(module->string(entry->member(1).name), "more");
  EXPECT_TRUE(module->entry(3).has_value());  // From the base.
  EXPECT_FALSE(module->find("pair", kind_bit(BtfKind::Struct)).has_value());
}

// Asks everything of a blob; only that it ends matters.
void exercise(const std::string& bytes) {
  const auto btf = Btf::from_bytes(bytes);
  if (!btf) return;
  types::Context context;
  BtfTypes reader(*btf, context);
  for (std::uint32_t id = 0; id < btf->end_id() + 2; ++id) {
    const types::Type* type = reader.type(id);
    static_cast<void>(type->name());
    static_cast<void>(c_text(*btf, id));
    if (!type->is_record()) continue;
    static_cast<void>(type->record()->field_names());
    static_cast<void>(type->record()->find_field("first"));
  }
  static_cast<void>(reader.find_record("pair", Record::Keyword::Struct));
  static_cast<void>(reader.find_enum_constant("GREEN"));
  static_cast<void>(reader.function("work"));
  static_cast<void>(reader.raw_tracepoint("event"));
}

BtfBuilder rich() {
  BtfBuilder build = small();
  const auto anonymous = build.record(BtfKind::Union, "", 8, {{"low", 1, 0}, {"ptr", 2, 0}});
  build.record(BtfKind::Struct, "bits", 12,
               {{"", anonymous, 0}, {"flag", 1, 64, 3}, {"rest", 1, 67, 5}}, true);
  const auto data = build.refer(BtfKind::Pointer, 0);
  const auto prototype = build.prototype(1, {{"data", data}, {"value", 1}});
  build.refer(BtfKind::Function, prototype, "work");
  build.refer(BtfKind::Typedef, build.refer(BtfKind::Pointer, prototype), "btf_trace_event");
  build.enumeration64("wide", {{"WIDE", 1ULL << 40}});
  build.array(build.refer(BtfKind::Const, 1), 3);
  return build;
}

TEST(BtfMalformed, EveryTruncation) {
  const std::string blob = rich().bytes();
  exercise(blob);
  for (std::size_t size = 0; size < blob.size(); ++size) {
    const auto btf = Btf::from_bytes(blob.substr(0, size));
    EXPECT_FALSE(btf.has_value()) << size;  // Sections no longer fit.
  }
}

TEST(BtfMalformed, EveryByteChanged) {
  const std::string blob = rich().bytes();
  for (std::size_t at = 0; at < blob.size(); ++at) {
    for (const int value : {0, 1, 4, 0x0f, 0x7f, 0x84, 0xff}) {
      std::string broken = blob;
      broken[at] = static_cast<char>(value);
      exercise(broken);
    }
  }
}

TEST(BtfMalformed, TruncatedTypeSectionKeepsWhatIsWhole) {
  std::string blob = small().bytes();
  const std::uint32_t only_two = 16 + 12;  // int, pointer.
  std::memcpy(blob.data() + 12, &only_two, sizeof only_two);
  const auto btf = Btf::from_bytes(blob);
  ASSERT_TRUE(btf.has_value());
  EXPECT_EQ(btf->end_id(), 3U);
  EXPECT_FALSE(btf->find("pair", kind_bit(BtfKind::Struct)).has_value());
}

TEST(BtfMalformed, Loops) {
  BtfBuilder build;
  build.refer(BtfKind::Typedef, 2, "a");                   // 1 -> 2
  build.refer(BtfKind::Typedef, 1, "b");                   // 2 -> 1
  build.refer(BtfKind::Pointer, 3);                        // 3 -> itself
  build.array(4, 2);                                       // 4: array of itself
  build.record(BtfKind::Struct, "self", 8, {{"", 5, 0}});  // 5: holds itself
  build.record(BtfKind::Struct, "x", 8, {{"", 7, 0}});     // 6 <-> 7
  build.record(BtfKind::Union, "y", 8, {{"", 6, 0}});
  const std::string blob = build.bytes();
  exercise(blob);
  const auto btf = Btf::from_bytes(blob);
  ASSERT_TRUE(btf.has_value());
  types::Context context;
  BtfTypes reader(*btf, context);
  EXPECT_TRUE(reader.type(1)->is_void());
  EXPECT_TRUE(reader.type(5)->record()->complete());
  EXPECT_TRUE(reader.type(5)->record()->fields.empty());
}

TEST(BtfMalformed, HeaderErrorsAreNamed) {
  EXPECT_FALSE(Btf::from_bytes("").has_value());
  EXPECT_FALSE(Btf::from_bytes(std::string(24, 'x')).has_value());
  const auto missing = Btf::open("/nonexistent/btf");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ENOENT);
}

}  // namespace
}  // namespace sonde::kernel
