// BTF types as types of the language.
#include "kernel/btf_types.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "btf_builder.h"
#include "kernel/btf_text.h"

namespace sonde::kernel {
namespace {

using ::testing::ElementsAre;
using types::AddressSpace;
using types::Record;

// The reader over what `build` holds at the time of open().
class BtfTypesTest : public ::testing::Test {
 protected:
  BtfTypes& open() {
    auto btf = Btf::from_bytes(build.bytes());
    EXPECT_TRUE(btf.has_value());
    btf_ = std::make_unique<Btf>(std::move(*btf));
    reader_ = std::make_unique<BtfTypes>(*btf_, context);
    return *reader_;
  }
  BtfBuilder build;
  types::Context context;

 private:
  std::unique_ptr<Btf> btf_;
  std::unique_ptr<BtfTypes> reader_;
};

TEST_F(BtfTypesTest, Integers) {
  const auto plain = build.integer("int", 4, 1);
  const auto text = build.integer("char", 1);
  const auto byte = build.integer("unsigned char", 1);
  const auto boolean = build.integer("_Bool", 1, 4);
  const auto huge = build.integer("__int128", 16, 1);
  BtfTypes& reader = open();
  EXPECT_EQ(reader.type(plain), context.integer(32, true));
  EXPECT_EQ(reader.type(text), context.integer(8, true));
  EXPECT_EQ(reader.type(byte), context.integer(8, false));
  EXPECT_EQ(reader.type(boolean), context.bool_type());
  EXPECT_EQ(reader.type(huge), context.array(context.uint64(), 2));
}

TEST_F(BtfTypesTest, ModifiersAndArrays) {
  const auto text = build.integer("char", 1);
  const auto alias = build.refer(BtfKind::Typedef, build.refer(BtfKind::Volatile, text), "letter");
  const auto line = build.array(build.refer(BtfKind::Const, alias), 16);
  const auto page = build.array(line, 3);
  BtfTypes& reader = open();
  const types::Type* row = context.array(context.integer(8, true), 16);
  EXPECT_EQ(reader.type(line), row);
  EXPECT_EQ(reader.type(page), context.array(row, 3));
  EXPECT_EQ(reader.find_typedef("letter"), context.integer(8, true));
  EXPECT_EQ(c_text(reader.btf(), page), "const letter[3][16]");
}

TEST_F(BtfTypesTest, PointersDoNotLoadStructs) {
  const auto node = build.next_id();
  build.record(BtfKind::Struct, "node", 8, {{"next", node + 1, 0}});
  build.refer(BtfKind::Pointer, node);
  BtfTypes& reader = open();
  const types::Type* pointer = reader.type(node + 1);
  ASSERT_TRUE(pointer->is_pointer());
  EXPECT_EQ(pointer->address_space(), AddressSpace::Kernel);
  Record* record = pointer->element()->record();
  EXPECT_EQ(record->source, &reader);
  EXPECT_TRUE(record->fields.empty());
  ASSERT_TRUE(record->find_field("next").has_value());
  EXPECT_EQ(record->source, nullptr);
  EXPECT_EQ(record->find_field("next")->field.type, pointer);
  EXPECT_EQ(reader.find_record("node", Record::Keyword::Struct), pointer->element());
}

TEST_F(BtfTypesTest, UserTagDecidesTheAddressSpace) {
  const auto text = build.integer("char", 1);
  const auto tagged = build.refer(BtfKind::TypeTag, build.refer(BtfKind::Const, text), "user");
  const auto user = build.refer(BtfKind::Pointer, tagged);
  const auto other = build.refer(BtfKind::Pointer, build.refer(BtfKind::TypeTag, text, "rcu"));
  BtfTypes& reader = open();
  EXPECT_EQ(reader.type(user), context.pointer(context.integer(8, true), AddressSpace::User));
  EXPECT_EQ(reader.type(other), context.pointer(context.integer(8, true), AddressSpace::Kernel));
  EXPECT_EQ(c_text(reader.btf(), user), "const char *");
}

TEST_F(BtfTypesTest, FunctionPointersAreKnown) {
  const auto prototype = build.prototype(0, {{"x", build.integer("int", 4, 1)}});
  const auto pointer = build.refer(BtfKind::Pointer, prototype);
  BtfTypes& reader = open();
  EXPECT_EQ(reader.type(pointer), context.pointer(context.function_type(), AddressSpace::Kernel));
}

TEST_F(BtfTypesTest, AnonymousMembersAreSeenThrough) {
  const auto word = build.integer("unsigned int", 4);
  const auto inner = build.record(BtfKind::Struct, "", 8, {{"low", word, 0}, {"high", word, 32}});
  const auto either = build.record(BtfKind::Union, "", 8, {{"", inner, 0}, {"first", word, 0}});
  build.record(BtfKind::Struct, "outer", 12, {{"head", word, 0}, {"", either, 32}});
  Record* outer = open().find_record("outer", Record::Keyword::Struct)->record();
  EXPECT_EQ(outer->size, 12U);
  const auto high = outer->find_field("high");
  ASSERT_TRUE(high.has_value());
  EXPECT_EQ(high->field.offset, 8U);
  EXPECT_THAT(outer->field_names(), ElementsAre("head", "low", "high", "first"));
}

TEST_F(BtfTypesTest, BitFields) {
  const auto word = build.integer("unsigned int", 4);
  const auto whole = build.integer("int", 4, 1);
  build.record(
      BtfKind::Struct, "flags", 12,
      {{"plain", word, 0, 0}, {"a", word, 32, 1}, {"b", whole, 33, 7}, {"c", word, 64 + 30, 2}},
      true);
  Record* flags = open().find_record("flags", Record::Keyword::Struct)->record();
  EXPECT_FALSE(flags->find_field("plain")->field.bit_field.has_value());
  const types::Field b = flags->find_field("b")->field;
  EXPECT_EQ(b.offset, 4U);
  EXPECT_EQ(b.type, context.integer(32, true));
  ASSERT_TRUE(b.bit_field.has_value());
  EXPECT_EQ(b.bit_field->shift, 1U);
  EXPECT_EQ(b.bit_field->width, 7U);
  const types::Field c = flags->find_field("c")->field;
  EXPECT_EQ(c.offset, 8U);
  EXPECT_EQ(c.bit_field->shift, 30U);
}

TEST_F(BtfTypesTest, PackedBitFieldsStayInsideTheRecord) {
  const auto word = build.integer("unsigned int", 4);
  build.record(BtfKind::Struct, "tiny", 1, {{"a", word, 0, 3}, {"b", word, 3, 5}}, true);
  build.record(BtfKind::Struct, "crossing", 8, {{"x", word, 28, 8}}, true);
  BtfTypes& reader = open();
  const types::Field b =
      reader.find_record("tiny", Record::Keyword::Struct)->record()->find_field("b")->field;
  EXPECT_EQ(b.offset, 0U);
  EXPECT_EQ(b.type, context.integer(8, false));
  EXPECT_EQ(b.bit_field->shift, 3U);
  const types::Field x =
      reader.find_record("crossing", Record::Keyword::Struct)->record()->find_field("x")->field;
  EXPECT_EQ(x.type, context.integer(64, false));
  EXPECT_EQ(x.bit_field->shift, 28U);
}

TEST_F(BtfTypesTest, OlderBitFieldEncoding) {
  const auto three = build.integer("unsigned int", 4, 0, 3);
  build.record(BtfKind::Struct, "old", 4, {{"a", three, 5}});
  const types::Field a =
      open().find_record("old", Record::Keyword::Struct)->record()->find_field("a")->field;
  EXPECT_EQ(a.offset, 0U);
  EXPECT_EQ(a.bit_field->shift, 5U);
  EXPECT_EQ(a.bit_field->width, 3U);
}

TEST_F(BtfTypesTest, Enums) {
  build.enumeration("color", {{"RED", 0}, {"GREEN", 5}});
  build.enumeration("level", {{"LOW", static_cast<std::uint64_t>(-1)}}, true);
  build.enumeration64("wide", {{"WIDE", 1ULL << 40}, {"ALL", ~0ULL}});
  BtfTypes& reader = open();
  const types::Type* color = reader.find_enum("color");
  ASSERT_NE(color, nullptr);
  EXPECT_EQ(color->bits(), 32U);
  EXPECT_FALSE(color->is_signed());
  EXPECT_EQ(color->enumeration()->name_of(5), "GREEN");
  const types::Type* level = reader.find_enum("level");
  EXPECT_TRUE(level->is_signed());
  EXPECT_EQ(level->enumeration()->name_of(static_cast<std::uint64_t>(-1)), "LOW");
  EXPECT_EQ(reader.find_enum("wide")->bits(), 64U);
  const auto constant = reader.find_enum_constant("WIDE");
  ASSERT_TRUE(constant.has_value());
  EXPECT_EQ(constant->value, 1ULL << 40);
  EXPECT_EQ(constant->type, reader.find_enum("wide"));
  EXPECT_FALSE(reader.find_enum_constant("color").has_value());
}

TEST_F(BtfTypesTest, LazyRecordIsTheRecordThatIsFoundLater) {
  const auto word = build.integer("unsigned int", 4);
  const auto thing = build.record(BtfKind::Struct, "thing", 4, {{"value", word, 0}});
  const auto pointer = build.refer(BtfKind::Pointer, thing);
  BtfTypes& reader = open();
  const types::Type* lazy = reader.lazy_record("thing", Record::Keyword::Struct);
  EXPECT_EQ(reader.find_record("thing", Record::Keyword::Struct), lazy);
  EXPECT_EQ(reader.type(pointer)->element(), lazy);
  EXPECT_TRUE(lazy->record()->find_field("value").has_value());
}

TEST_F(BtfTypesTest, LazyRecordAfterTheOther) {
  const auto thing = build.record(BtfKind::Struct, "thing", 4, {});
  BtfTypes& reader = open();
  const types::Type* made = reader.type(thing);
  EXPECT_EQ(reader.lazy_record("thing", Record::Keyword::Struct), made);
  const types::Type* unknown = reader.lazy_record("nothing", Record::Keyword::Struct);
  EXPECT_FALSE(unknown->record()->complete());
  EXPECT_EQ(unknown->name(), "struct nothing");
}

TEST_F(BtfTypesTest, ForwardDeclarationFindsItsDefinition) {
  const auto forward = build.forward("late");
  const auto word = build.integer("unsigned int", 4);
  build.record(BtfKind::Struct, "late", 4, {{"value", word, 0}});
  BtfTypes& reader = open();
  EXPECT_TRUE(reader.type(forward)->record()->find_field("value").has_value());
}

TEST_F(BtfTypesTest, TypedefNamesAnAnonymousStruct) {
  const auto word = build.integer("int", 4, 1);
  const auto body = build.record(BtfKind::Struct, "", 4, {{"counter", word, 0}});
  build.refer(BtfKind::Typedef, body, "atomic_t");
  const types::Type* atomic = open().find_typedef("atomic_t");
  ASSERT_NE(atomic, nullptr);
  EXPECT_EQ(atomic->record()->name, "atomic_t");
}

TEST_F(BtfTypesTest, FunctionSignature) {
  const auto word = build.integer("int", 4, 1);
  const auto file = build.refer(BtfKind::Pointer, build.record(BtfKind::Struct, "file", 8, {}));
  build.refer(BtfKind::Function, build.prototype(word, {{"file", file}, {"count", word}}),
              "read_it");
  build.refer(BtfKind::Function, build.prototype(0, {}), "nothing");
  BtfTypes& reader = open();
  const auto signature = reader.function("read_it");
  ASSERT_TRUE(signature.has_value());
  EXPECT_EQ(signature->result, context.integer(32, true));
  const Record* args = signature->args->record();
  EXPECT_EQ(args->keyword, Record::Keyword::Arguments);
  ASSERT_EQ(args->fields.size(), 2U);
  EXPECT_EQ(args->fields[0].c_type, "struct file *");
  EXPECT_EQ(args->fields[1].name, "count");
  EXPECT_EQ(args->fields[1].offset, 8U);
  EXPECT_EQ(reader.function("nothing")->result, nullptr);
  EXPECT_FALSE(reader.function("file").has_value());
}

TEST_F(BtfTypesTest, StructArgumentsTakeTheirSlots) {
  const auto word = build.integer("int", 4, 1);
  const auto large = build.integer("unsigned long", 8);
  const auto pair = build.record(BtfKind::Struct, "pair", 16, {{"a", large, 0}, {"b", large, 64}});
  const auto odd = build.record(BtfKind::Struct, "odd", 12, {{"a", large, 0}, {"b", word, 64}});
  const auto triple = build.record(BtfKind::Struct, "triple", 24, {{"a", large, 0}});
  const auto with = [&](std::uint32_t type, const char* name) {
    const auto prototype = build.prototype(word, {{"first", word}, {"it", type}, {"last", word}});
    build.refer(BtfKind::Function, prototype, name);
  };
  with(pair, "takes_pair");
  with(odd, "takes_odd");
  with(triple, "takes_triple");
  BtfTypes& reader = open();
  for (const char* name : {"takes_pair", "takes_odd"}) {
    const auto signature = reader.function(name);
    ASSERT_TRUE(signature.has_value()) << name;
    const Record* args = signature->args->record();
    ASSERT_EQ(args->fields.size(), 3U);
    EXPECT_EQ(args->fields[1].offset, 8U);
    EXPECT_EQ(args->fields[2].offset, 24U);
    EXPECT_EQ(args->size, 32U);
  }
  EXPECT_FALSE(reader.function("takes_triple").has_value());
}

TEST_F(BtfTypesTest, RawTracepointTakesNamesFromItsProbeFunction) {
  const auto word = build.integer("int", 4, 1);
  const auto data = build.refer(BtfKind::Pointer, 0);
  const auto unnamed = build.prototype(0, {{"", data}, {"", word}, {"", word}});
  build.refer(BtfKind::Typedef, build.refer(BtfKind::Pointer, unnamed), "btf_trace_switch");
  const auto named = build.prototype(0, {{"__data", data}, {"from", word}, {"to", word}});
  build.refer(BtfKind::Function, named, "__traceiter_switch");
  build.refer(BtfKind::Typedef,
              build.refer(BtfKind::Pointer, build.prototype(0, {{"", data}, {"", word}})),
              "btf_trace_plain");
  BtfTypes& reader = open();
  const auto signature = reader.raw_tracepoint("switch");
  ASSERT_TRUE(signature.has_value());
  EXPECT_EQ(signature->result, nullptr);
  EXPECT_THAT(signature->args->record()->field_names(), ElementsAre("from", "to"));
  EXPECT_EQ(signature->args->record()->fields[1].offset, 8U);
  EXPECT_THAT(reader.raw_tracepoint("plain")->args->record()->field_names(), ElementsAre("arg0"));
  EXPECT_FALSE(reader.raw_tracepoint("unknown").has_value());
}

}  // namespace
}  // namespace sonde::kernel
