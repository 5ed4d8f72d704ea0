// Format files of trace events, from text.
#include "kernel/trace_format.h"

#include <gtest/gtest.h>

#include "kernel/records.h"

namespace sonde::kernel {
namespace {

using types::AddressSpace;
using types::FieldAccess;
using types::Record;
using types::Type;

class TraceFormatTest : public ::testing::Test {
 protected:
  // The fields of a format with these lines behind the common ones.
  std::vector<types::Field> fields(std::string_view lines, std::string_view category = "sched") {
    const std::string text =
        "name: event\nID: 77\nformat:\n"
        "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
        "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n" +
        std::string(lines) + "\nprint fmt: \"field:%s;\", REC->x\n";
    const auto format = parse_trace_format(text, category, "event", types, names());
    EXPECT_TRUE(format.has_value());
    EXPECT_EQ(format->id, 77U);
    return format->args->record()->fields;
  }
  TypeNames names() {
    const auto record = [this](std::string_view name, Record::Keyword keyword) -> const Type* {
      if (name != "known") return nullptr;
      if (known == nullptr) {
        Record made = named_record(name, keyword);
        made.size = 24;
        known = types.new_record(std::move(made));
      }
      return known;
    };
    return {.lazy_record = record,
            .record = record,
            .enumeration = [this](std::string_view name) -> const Type* {
              return name == "reason"
                         ? types.new_enum({.name = "reason", .values = {{"A", 2}}}, 32, false)
                         : nullptr;
            },
            .type_alias = [this](std::string_view name) -> const Type* {
              return name == "narrow_t" ? types.integer(16, false) : nullptr;
            }};
  }
  types::Context types;
  const Type* known = nullptr;
};

TEST_F(TraceFormatTest, IntegersAndText) {
  const auto f = fields(
      "\tfield:char prev_comm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
      "\tfield:pid_t prev_pid;\toffset:24;\tsize:4;\tsigned:1;\n"
      "\tfield:long prev_state;\toffset:32;\tsize:8;\tsigned:1;\n"
      "\tfield:xfs_ino_t ino;\toffset:40;\tsize:8;\tsigned:0;\n"
      "\tfield:bool done;\toffset:48;\tsize:1;\tsigned:0;\n"
      "\tfield:char letter;\toffset:49;\tsize:1;\tsigned:0;\n");
  ASSERT_EQ(f.size(), 6U);
  EXPECT_EQ(f[0].type, types.array(types.integer(8, true), 16));
  EXPECT_EQ(f[0].name, "prev_comm");
  EXPECT_EQ(f[0].offset, 8U);
  EXPECT_EQ(declaration(f[0]), "char prev_comm[16]");
  EXPECT_EQ(f[1].type, types.integer(32, true));
  EXPECT_EQ(declaration(f[1]), "pid_t prev_pid");
  EXPECT_EQ(f[2].type, types.int64());
  EXPECT_EQ(f[3].type, types.uint64());
  EXPECT_EQ(f[4].type, types.bool_type());
  EXPECT_EQ(f[5].type, types.integer(8, true));
}

TEST_F(TraceFormatTest, SystemCallsHaveUserPointersAndWideSlots) {
  const auto f = fields(
      "\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n"
      "\tfield:const char * filename;\toffset:16;\tsize:8;\tsigned:0;\n"
      "\tfield:const char *const * argv;\toffset:24;\tsize:8;\tsigned:0;\n"
      "\tfield:int dfd;\toffset:32;\tsize:8;\tsigned:0;\n"
      "\tfield:umode_t mode;\toffset:40;\tsize:8;\tsigned:0;\n"
      "\tfield:narrow_t other;\toffset:48;\tsize:8;\tsigned:0;\n"
      "\tfield:struct known * what;\toffset:56;\tsize:8;\tsigned:0;\n"
      "\tfield:unheard_t * why;\toffset:64;\tsize:8;\tsigned:0;\n",
      "syscalls");
  ASSERT_EQ(f.size(), 8U);
  const Type* text = types.pointer(types.integer(8, true), AddressSpace::User);
  EXPECT_EQ(f[1].type, text);
  EXPECT_EQ(declaration(f[1]), "const char * filename");
  EXPECT_EQ(f[2].type, types.pointer(text, AddressSpace::User));
  EXPECT_EQ(declaration(f[2]), "const char *const * argv");
  EXPECT_EQ(f[3].type, types.integer(32, true));
  EXPECT_EQ(f[4].type, types.integer(16, false));
  EXPECT_EQ(f[5].type, types.integer(16, false));
  EXPECT_EQ(f[6].type, types.pointer(known, AddressSpace::User));
  EXPECT_EQ(f[7].type, types.pointer(types.void_type(), AddressSpace::User));
}

TEST_F(TraceFormatTest, KernelPointersElsewhere) {
  const auto f = fields(
      "\tfield:const void * location;\toffset:8;\tsize:8;\tsigned:0;\n"
      "\tfield:void __seg_gs * percpu;\toffset:16;\tsize:8;\tsigned:0;\n");
  EXPECT_EQ(f[0].type, types.pointer(types.void_type(), AddressSpace::Kernel));
  EXPECT_EQ(f[1].type, f[0].type);
}

TEST_F(TraceFormatTest, DynamicArrays) {
  const auto f = fields(
      "\tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;\n"
      "\tfield:__rel_loc u64[] values;\toffset:12;\tsize:4;\tsigned:0;\n"
      "\tfield:__data_loc unheard_t[] things;\toffset:16;\tsize:4;\tsigned:0;\n");
  ASSERT_EQ(f.size(), 3U);
  EXPECT_EQ(f[0].access, FieldAccess::DataLoc);
  EXPECT_EQ(f[0].type, types.array(types.integer(8, true), 0));
  EXPECT_EQ(declaration(f[0]), "__data_loc char[] filename");
  EXPECT_EQ(f[1].access, FieldAccess::RelDataLoc);
  EXPECT_EQ(f[1].type, types.array(types.uint64(), 0));
  EXPECT_EQ(f[2].type, types.array(types.integer(8, false), 0));
}

TEST_F(TraceFormatTest, Arrays) {
  const auto f = fields(
      "\tfield:unsigned long args[6];\toffset:16;\tsize:48;\tsigned:0;\n"
      "\tfield:__u8 saddr[sizeof(struct sockaddr_in6)];\toffset:64;\tsize:28;\tsigned:0;\n"
      "\tfield:unheard_t ids[4];\toffset:96;\tsize:12;\tsigned:0;\n"
      "\tfield:unsigned long rest[];\toffset:108;\tsize:0;\tsigned:0;\n");
  EXPECT_EQ(f[0].type, types.array(types.uint64(), 6));
  EXPECT_EQ(f[1].type, types.array(types.integer(8, false), 28));
  EXPECT_EQ(f[2].type, types.array(types.integer(8, false), 12));
  EXPECT_EQ(f[3].type, types.array(types.uint64(), 0));
}

TEST_F(TraceFormatTest, EnumsAndRecordsByValue) {
  const auto f = fields(
      "\tfield:enum reason why;\toffset:8;\tsize:4;\tsigned:0;\n"
      "\tfield:enum reason packed;\toffset:12;\tsize:1;\tsigned:0;\n"
      "\tfield:enum unheard other;\toffset:16;\tsize:4;\tsigned:1;\n"
      "\tfield:struct known inside;\toffset:24;\tsize:24;\tsigned:0;\n"
      "\tfield:struct unheard bytes;\toffset:48;\tsize:12;\tsigned:0;\n");
  EXPECT_EQ(f[0].type->enumeration()->name_of(2), "A");
  EXPECT_EQ(f[1].type->bits(), 8U);
  EXPECT_EQ(f[1].type->enumeration()->name_of(2), "A");
  EXPECT_EQ(f[2].type, types.integer(32, true));
  EXPECT_EQ(f[3].type, known);
  EXPECT_EQ(f[4].type, types.array(types.integer(8, false), 12));
}

TEST_F(TraceFormatTest, BrokenTextIsAnErrorOrIgnored) {
  EXPECT_FALSE(parse_trace_format("", "a", "b", types, names()).has_value());
  EXPECT_FALSE(parse_trace_format("ID: x\n", "a", "b", types, names()).has_value());
  const auto format = parse_trace_format(
      "ID: 1\nfield:;\nfield:int\nfield:];offset:1;\nfield:int *;\n", "a", "b", types, names());
  ASSERT_TRUE(format.has_value());
  EXPECT_TRUE(format->args->record()->fields.empty());
}

}  // namespace
}  // namespace sonde::kernel
