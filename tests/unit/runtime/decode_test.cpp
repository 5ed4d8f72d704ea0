// Every type, from bytes as a program writes them.
#include "runtime/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_names.h"

namespace sonde::runtime {
namespace {

using output::Value;
using types::TypeKind;

class Decode : public ::testing::Test {
 protected:
  template <class T>
  T as(const types::Type& type, const ByteBuilder& build) {
    const Value value = decode(type, build.bytes(), names);
    const T* data = std::get_if<T>(&value.data);
    EXPECT_NE(data, nullptr) << "another alternative: " << value.data.index();
    return data == nullptr ? T{} : *data;
  }
  types::Context context;
  FakeNames names;
};

TEST_F(Decode, IntegersKeepSignAndWidth) {
  const auto small =
      as<output::Integer>(*context.integer(8, true), ByteBuilder().add<std::int8_t>(-3));
  EXPECT_EQ(static_cast<std::int64_t>(small.bits), -3);
  EXPECT_EQ(small.width, 8U);
  EXPECT_TRUE(small.is_signed);
  const auto half =
      as<output::Integer>(*context.integer(16, false), ByteBuilder().add<std::uint16_t>(0xfffe));
  EXPECT_EQ(half.bits, 0xfffeU);
  EXPECT_FALSE(half.is_signed);
  const auto word =
      as<output::Integer>(*context.integer(32, true), ByteBuilder().add<std::int32_t>(INT32_MIN));
  EXPECT_EQ(static_cast<std::int64_t>(word.bits), INT32_MIN);
  const auto large = as<output::Integer>(*context.uint64(), ByteBuilder().add(UINT64_MAX));
  EXPECT_EQ(large.bits, UINT64_MAX);
}

TEST_F(Decode, BoolsAndPointers) {
  EXPECT_TRUE(as<bool>(*context.bool_type(), ByteBuilder().add<std::uint8_t>(1)));
  EXPECT_FALSE(as<bool>(*context.bool_type(), ByteBuilder().add<std::uint8_t>(0)));
  const auto* type = context.pointer(context.void_type(), types::AddressSpace::Kernel);
  EXPECT_EQ(
      as<output::Pointer>(*type, ByteBuilder().add<std::uint64_t>(0xffff888000000000)).address,
      0xffff888000000000);
}

TEST_F(Decode, EnumsFindTheirNames) {
  const auto* type = context.new_enum(
      {"state", {{"RUNNING", 0}, {"GONE", static_cast<std::uint64_t>(-1)}}}, 32, true);
  EXPECT_EQ(as<output::EnumValue>(*type, ByteBuilder().add<std::int32_t>(-1)).name, "GONE");
  const auto unnamed = as<output::EnumValue>(*type, ByteBuilder().add<std::int32_t>(7));
  EXPECT_EQ(unnamed.name, "");
  EXPECT_EQ(unnamed.number.bits, 7U);
}

TEST_F(Decode, StringsEndAtNul) {
  const auto text = as<output::Text>(*context.string(16), ByteBuilder().text("bash", 16));
  EXPECT_EQ(text.bytes, "bash");
  EXPECT_FALSE(text.truncated);
  EXPECT_EQ(as<output::Text>(*context.string(4), ByteBuilder().text("abcd", 4)).bytes, "abcd");
}

TEST_F(Decode, AddressesOfTheNetwork) {
  ByteBuilder v4;
  v4.add<std::uint64_t>(2).add<std::uint32_t>(0x0100007f).pad_to(24);
  EXPECT_EQ(as<output::Symbol>(*context.simple(TypeKind::Inet), v4).text, "127.0.0.1");
  ByteBuilder v6;
  v6.add<std::uint64_t>(10).text("", 15).add<std::uint8_t>(1);
  EXPECT_EQ(as<output::Symbol>(*context.simple(TypeKind::Inet), v6).text, "::1");
  ByteBuilder mac;
  mac.text("ABC", 8);
  EXPECT_EQ(as<output::Symbol>(*context.simple(TypeKind::MacAddress), mac).text,
            "41:42:43:00:00:00");
  EXPECT_EQ(as<output::Symbol>(*context.cgroup_path(3), ByteBuilder().add<std::uint64_t>(7)).text,
            "cgroup 7 by filter 3");
}

TEST_F(Decode, CutStringsAreMarked) {
  const types::Type& type = *context.string(6, true);
  for (const auto& [end, text] :
       {std::pair{types::kWhole, "hello"}, std::pair{types::kCutByScript, "hello.."},
        std::pair{types::kCutByLimit, "hello.."}}) {
    ByteBuilder bytes;
    bytes.text("hello", 6).add(static_cast<std::uint8_t>(end));
    const auto decoded = as<output::Text>(type, bytes);
    EXPECT_EQ(decoded.bytes, text);
    EXPECT_EQ(decoded.truncated, end != types::kWhole);
  }
}

TEST_F(Decode, BuffersHaveALength) {
  const auto* type = context.buffer(8);
  const ByteBuilder build =
      ByteBuilder().add<std::uint32_t>(3).add<std::uint32_t>(0).text("a\nb!!", 8);
  EXPECT_EQ(as<output::Bytes>(*type, build).bytes, "a\nb");
  // A length beyond the capacity is not believed.
  const ByteBuilder wrong =
      ByteBuilder().add<std::uint32_t>(99).add<std::uint32_t>(0).text("abcdefgh", 8);
  EXPECT_EQ(as<output::Bytes>(*type, wrong).bytes, "abcdefgh");
}

TEST_F(Decode, ArraysAndTuples) {
  const auto array = as<output::ArrayValue>(
      *context.array(context.integer(16, false), 3),
      ByteBuilder().add<std::uint16_t>(1).add<std::uint16_t>(2).add<std::uint16_t>(3));
  ASSERT_EQ(array.elements.size(), 3U);
  EXPECT_EQ(std::get<output::Integer>(array.elements[2].data).bits, 3U);
  EXPECT_EQ(
      as<output::Text>(*context.array(context.integer(8, true), 8), ByteBuilder().text("sda1", 8))
          .bytes,
      "sda1");
  const auto* pair =
      context.tuple({context.integer(8, false), context.uint64(), context.string(8)});
  const auto tuple = as<output::TupleValue>(
      *pair, ByteBuilder().add<std::uint8_t>(5).pad_to(8).add<std::uint64_t>(6).text("seven", 8));
  ASSERT_EQ(tuple.elements.size(), 3U);
  EXPECT_EQ(std::get<output::Integer>(tuple.elements[0].data).bits, 5U);
  EXPECT_EQ(std::get<output::Integer>(tuple.elements[1].data).bits, 6U);
  EXPECT_EQ(std::get<output::Text>(tuple.elements[2].data).bytes, "seven");
}

TEST_F(Decode, RecordsWithBitFieldsAndAnonymousMembers) {
  types::Record inner;
  inner.size = 8;
  inner.fields = {{.name = "low", .type = context.uint32(), .offset = 0},
                  {.name = "high", .type = context.uint32(), .offset = 4}};
  types::Record outer;
  outer.name = "outer";
  outer.size = 16;
  outer.fields = {
      {.name = "flag", .type = context.uint32(), .offset = 0, .bit_field = types::BitField{3, 2}},
      {.name = "level",
       .type = context.integer(32, true),
       .offset = 0,
       .bit_field = types::BitField{5, 3}},
      {.name = "", .type = context.new_record(inner), .offset = 8}};
  const auto record =
      as<output::RecordValue>(*context.new_record(outer), ByteBuilder()
                                                              .add<std::uint32_t>(2U << 3 | 7U << 5)
                                                              .pad_to(8)
                                                              .add<std::uint32_t>(11)
                                                              .add<std::uint32_t>(12));
  ASSERT_EQ(record.fields.size(), 4U);
  EXPECT_EQ(std::get<output::Integer>(record.fields[0].second.data).bits, 2U);
  EXPECT_EQ(static_cast<std::int64_t>(std::get<output::Integer>(record.fields[1].second.data).bits),
            -1);
  EXPECT_EQ(record.fields[2].first, "low");
  EXPECT_EQ(std::get<output::Integer>(record.fields[3].second.data).bits, 12U);
}

TEST_F(Decode, LocatedFieldsOfTraceEvents) {
  types::Record event;
  event.keyword = types::Record::Keyword::Arguments;
  event.size = 24;
  event.fields = {{.name = "name",
                   .type = context.string(64),
                   .offset = 8,
                   .access = types::FieldAccess::DataLoc},
                  {.name = "path",
                   .type = context.string(64),
                   .offset = 12,
                   .access = types::FieldAccess::RelDataLoc},
                  {.name = "bad",
                   .type = context.string(64),
                   .offset = 4,
                   .access = types::FieldAccess::DataLoc}};
  const ByteBuilder build = ByteBuilder()
                                .add<std::uint32_t>(0)
                                .add<std::uint32_t>(9999U << 16 | 16)
                                .add<std::uint32_t>(4U << 16 | 16)
                                .add<std::uint32_t>(4U << 16 | 4)
                                .text("abc", 4)
                                .text("xyz", 4);
  const auto record = as<output::RecordValue>(*context.new_record(event), build);
  ASSERT_EQ(record.fields.size(), 3U);
  EXPECT_EQ(std::get<output::Text>(record.fields[0].second.data).bytes, "abc");
  EXPECT_EQ(std::get<output::Text>(record.fields[1].second.data).bytes, "xyz");
  EXPECT_EQ(std::get<output::Text>(record.fields[2].second.data).bytes, "");
}

TEST_F(Decode, NamesAreAskedFor) {
  const auto symbol = [&](const types::Type* type, const ByteBuilder& build) {
    return as<output::Symbol>(*type, build).text;
  };
  EXPECT_EQ(symbol(context.simple(TypeKind::KernelSymbol), ByteBuilder().add<std::uint64_t>(16)),
            "ksym 0x10");
  EXPECT_EQ(symbol(context.simple(TypeKind::UserSymbol),
                   ByteBuilder().add<std::uint64_t>(16).add<std::uint64_t>(42)),
            "usym 0x10 of 42");
  EXPECT_EQ(symbol(context.simple(TypeKind::Username), ByteBuilder().add<std::uint64_t>(1000)),
            "user 1000");
  EXPECT_EQ(symbol(context.simple(TypeKind::ProcessName), ByteBuilder().add<std::uint64_t>(42)),
            "process 42");
  EXPECT_EQ(symbol(context.simple(TypeKind::GfpFlags), ByteBuilder().add<std::uint64_t>(3264)),
            "gfp 0xcc0");
  EXPECT_EQ(symbol(context.timestamp(2), ByteBuilder().add<std::uint64_t>(5)),
            "time 5 in format 2");
}

TEST_F(Decode, Stacks) {
  const auto* kernel = context.stack(TypeKind::KernelStack, types::StackMode::Perf, 9);
  const auto stack = as<output::Stack>(*kernel, ByteBuilder().add<std::int64_t>(33));
  EXPECT_EQ(stack.mode, types::StackMode::Perf);
  EXPECT_EQ(stack.frames[0].address, 33U);
  EXPECT_EQ(stack.frames[0].offset, 9U);
  const auto* user = context.stack(TypeKind::UserStack, types::StackMode::Bpftrace, 9);
  const auto of_user =
      as<output::Stack>(*user, ByteBuilder().add<std::int64_t>(34).add<std::uint64_t>(77));
  EXPECT_EQ(of_user.frames[0].symbol, "user");
  EXPECT_EQ(of_user.frames[0].offset, 77U);
}

TEST_F(Decode, Aggregations) {
  EXPECT_EQ(
      as<output::Integer>(*context.simple(TypeKind::Count), ByteBuilder().add<std::uint64_t>(9))
          .bits,
      9U);
  const auto* max = context.aggregation(TypeKind::Max, true);
  EXPECT_EQ(static_cast<std::int64_t>(
                as<output::Integer>(*max, ByteBuilder().add<std::int64_t>(-4).add<std::uint64_t>(1))
                    .bits),
            -4);
  const auto average =
      as<output::StatsValue>(*context.aggregation(TypeKind::Average, true),
                             ByteBuilder().add<std::int64_t>(-10).add<std::uint64_t>(4));
  EXPECT_EQ(average.total, -10);
  EXPECT_EQ(average.count, 4U);
  EXPECT_TRUE(average.average_only);
  EXPECT_FALSE(as<output::StatsValue>(*context.aggregation(TypeKind::Stats, false),
                                      ByteBuilder().add<std::int64_t>(1).add<std::uint64_t>(1))
                   .average_only);
}

TEST_F(Decode, Histograms) {
  ByteBuilder powers;
  for (std::uint32_t i = 0; i < types::hist_bucket_count(0); ++i) powers.add<std::uint64_t>(i);
  const auto hist = as<output::Histogram>(*context.hist(0), powers);
  ASSERT_EQ(hist.buckets.size(), types::hist_bucket_count(0));
  EXPECT_FALSE(hist.linear);
  EXPECT_EQ(hist.buckets[3].count, 3U);
  EXPECT_EQ(hist.buckets[3].range.low, 2);
  ByteBuilder steps;
  for (std::uint32_t i = 0; i < types::lhist_bucket_count(0, 10, 5); ++i)
    steps.add<std::uint64_t>(10 + i);
  const auto linear = as<output::Histogram>(*context.lhist(0, 10, 5), steps);
  EXPECT_TRUE(linear.linear);
  ASSERT_EQ(linear.buckets.size(), 4U);
  EXPECT_EQ(linear.buckets[1].range.high, 5);
  EXPECT_EQ(linear.buckets[3].count, 13U);
}

}  // namespace
}  // namespace sonde::runtime
