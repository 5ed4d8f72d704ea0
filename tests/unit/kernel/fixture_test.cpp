// What the tests of other folders build on: the fixture is consistent in itself.
#include "kernel/fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sonde::kernel {
namespace {

using ::testing::ElementsAre;
using types::AddressSpace;
using types::Record;

class FixtureTest : public ::testing::Test {
 protected:
  Record* structure(std::string_view name) {
    const types::Type* type = view->find_record(name, Record::Keyword::Struct);
    return type != nullptr ? type->record() : nullptr;
  }
  types::Context types;
  std::unique_ptr<View> view = make_fixture_view(types);
};

TEST_F(FixtureTest, TaskStruct) {
  Record* task = structure("task_struct");
  ASSERT_NE(task, nullptr);
  EXPECT_EQ(task->find_field("comm")->field.type, types.array(types.integer(8, true), 16));
  const types::Field parent = task->find_field("real_parent")->field;
  EXPECT_EQ(parent.type->element()->record(), task);
  EXPECT_EQ(parent.type->address_space(), AddressSpace::Kernel);
  EXPECT_EQ(task->find_field("in_iowait")->field.bit_field->shift, 1U);
  EXPECT_EQ(task->find_field("rcu_users")->field.offset, 2680U);
  EXPECT_EQ(task->find_field("se")->field.type,
            view->find_record("sched_entity", Record::Keyword::Struct));
  EXPECT_FALSE(structure("never_defined")->complete());
}

TEST_F(FixtureTest, FieldsLieInsideTheirRecords) {
  for (const char* name : {"task_struct", "sock", "sk_buff", "file", "qstr", "dentry", "pt_regs"}) {
    Record* record = structure(name);
    ASSERT_NE(record, nullptr) << name;
    for (const std::string& field_name : record->field_names()) {
      const types::Field field = record->find_field(field_name)->field;
      EXPECT_LE(field.offset + field.type->size(), record->size) << name << '.' << field_name;
    }
  }
}

TEST_F(FixtureTest, EveryTracepointHasAFormat) {
  const auto all = view->tracepoints("*", "*");
  ASSERT_TRUE(all.has_value());
  EXPECT_GE(all->size(), 15U);
  for (const Tracepoint& event : *all) {
    const auto format = view->tracepoint_format(event.category, event.name);
    ASSERT_TRUE(format.has_value()) << event.name;
    EXPECT_GT(format->id, 0U);
    EXPECT_FALSE(format->args->record()->fields.empty());
  }
  EXPECT_EQ(view->tracepoints("sched", "sched_sw*")->size(), 1U);
  EXPECT_TRUE(view->tracepoints("sched", "nothing")->empty());
  EXPECT_FALSE(view->tracepoint_format("sched", "nothing").has_value());
}

TEST_F(FixtureTest, OpenatFilename) {
  const auto format = view->tracepoint_format("syscalls", "sys_enter_openat");
  const auto field = format->args->record()->find_field("filename")->field;
  EXPECT_EQ(field.offset, 24U);
  EXPECT_EQ(field.type, types.pointer(types.integer(8, true), AddressSpace::User));
  EXPECT_EQ(view->tracepoint_format("syscalls", "sys_enter_openat")->args, format->args);
}

TEST_F(FixtureTest, FunctionsAndSymbols) {
  const auto read = view->function_signature("", "vfs_read");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->args->record()->fields[1].type->address_space(), AddressSpace::User);
  EXPECT_EQ(read->result, types.int64());
  EXPECT_EQ(view->function_signature("vmlinux", "kfree")->result, nullptr);
  EXPECT_FALSE(view->function_signature("", "no_debug_info").has_value());
  EXPECT_EQ(view->kernel_functions("*", "vfs_*")->size(), 2U);
  EXPECT_EQ(view->kernel_functions("nf_tables", "*")->size(), 2U);
  EXPECT_EQ(view->function_signature("", "set_time")->args->record()->fields[2].offset, 24U);
  EXPECT_TRUE(view->symbol_address("jiffies").has_value());
  EXPECT_THAT(*view->raw_tracepoints("sched_*"), ElementsAre("sched_switch", "sched_wakeup"));
  EXPECT_TRUE(view->raw_tracepoint_signature("sys_enter").has_value());
}

TEST_F(FixtureTest, Binaries) {
  EXPECT_EQ(view->find_binaries("prog").value().front().path, "/bin/prog");
  EXPECT_EQ(view->find_binaries("libc").value().front().path, "/usr/lib/libc.so.6");
  EXPECT_EQ(view->find_binaries("*").value().size(), 2U);
  EXPECT_FALSE(view->find_binaries("other").has_value());
  const auto functions = view->user_functions("/bin/prog", "*");
  ASSERT_TRUE(functions.has_value());
  EXPECT_EQ(functions->size(), 8U);
  EXPECT_EQ(*view->file_offset("/bin/prog", functions->front().address),
            functions->front().file_offset);
  EXPECT_FALSE(view->file_offset("/bin/prog", 1)->has_value());
}

TEST_F(FixtureTest, Names) {
  EXPECT_EQ(view->find_enum_constant("SKB_DROP_REASON_NO_SOCKET")->value, 3U);
  EXPECT_THAT(view->similar_types("task_strct"), ::testing::Contains("task_struct"));
  EXPECT_EQ(view->find_typedef("pid_t"), types.integer(32, true));
  EXPECT_EQ(view->find_record("sigval", Record::Keyword::Struct), nullptr);
  EXPECT_NE(view->find_record("sigval", Record::Keyword::Union), nullptr);
}

TEST_F(FixtureTest, Options) {
  FixtureOptions options;
  options.missing_features.set(static_cast<std::size_t>(plan::Feature::Kprobe));
  options.has_tracefs = false;
  const auto lesser = make_fixture_view(types, options);
  EXPECT_FALSE(lesser->has(plan::Feature::Kprobe));
  EXPECT_TRUE(lesser->has(plan::Feature::RingBuffer));
  EXPECT_FALSE(lesser->tracepoints("*", "*").has_value());
}

}  // namespace
}  // namespace sonde::kernel
