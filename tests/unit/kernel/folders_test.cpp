// What reads folders of the kernel, on folders of our own: tracefs, and BTF with modules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "btf_builder.h"
#include "kernel/kernel_btf.h"
#include "kernel/kernel_functions.h"
#include "kernel/tracefs.h"
#include "temporary_folder.h"

namespace sonde::kernel {
namespace {

using ::testing::ElementsAre;
using types::Record;
using Keyword = types::Record::Keyword;

TEST(TracefsTest, MissingFolderHasAHint) {
  Tracefs tracefs("/nonexistent");
  const auto events = tracefs.events("*", "*");
  ASSERT_FALSE(events.has_value());
  EXPECT_NE(events.error().hint.find("mount"), std::string::npos);
}

TEST(TracefsTest, Events) {
  const TemporaryFolder folder;
  folder.add("available_events", "sched:sched_switch\nsched:sched_wakeup\nblock:block_rq_issue\n");
  folder.add("events/sched/sched_switch/format", "ID: 5\n");
  folder.add("events/ftrace/print/format", "ID: 6\n");
  Tracefs tracefs(folder.path());
  const auto names = [&](std::string_view category, std::string_view name) {
    std::vector<std::string> found;
    const auto events = tracefs.events(category, name);
    EXPECT_TRUE(events.has_value());
    for (const Tracepoint& event : *events) found.push_back(event.category + ":" + event.name);
    return found;
  };
  EXPECT_THAT(names("*", "*_*"),
              ElementsAre("block:block_rq_issue", "sched:sched_switch", "sched:sched_wakeup"));
  EXPECT_THAT(names("sched", "*wake*"), ElementsAre("sched:sched_wakeup"));
  EXPECT_THAT(names("sched", "sched_switch"), ElementsAre("sched:sched_switch"));
  EXPECT_THAT(names("sched", "nothing"), ElementsAre());
  EXPECT_THAT(names("ftrace", "print"), ElementsAre());
  EXPECT_THAT(names("sched/../sched", "sched_switch"), ElementsAre());
  EXPECT_EQ(tracefs.format("sched", "sched_switch").value_or(""), "ID: 5\n");
  EXPECT_FALSE(tracefs.format("sched", "nothing").has_value());
}

TEST(TracefsTest, EventsOfUsers) {
  const TemporaryFolder folder;
  folder.add("events/enable", "0");
  folder.add("dynamic_events",
             "p:probe_libc/malloc /lib/libc.so.6:0x1000\nr4:kprobes/done vfs_read\n"
             "s:synthetic/wait\tu64 time\n");
  Tracefs tracefs(folder.path());
  EXPECT_TRUE(tracefs.is_dynamic("probe_libc", "malloc"));
  EXPECT_TRUE(tracefs.is_dynamic("kprobes", "done"));
  EXPECT_TRUE(tracefs.is_dynamic("synthetic", "wait"));
  EXPECT_FALSE(tracefs.is_dynamic("probe_libc", "free"));
  EXPECT_FALSE(tracefs.is_dynamic("sched", "sched_switch"));
}

TEST(TracefsTest, KernelFunctions) {
  const TemporaryFolder folder;
  folder.add("events/enable", "0");
  folder.add("available_filter_functions",
             "vfs_write\nvfs_read\nloop_open [loop]\n__ftrace_invalid_address___32\nvfs_read\n");
  Tracefs tracefs(folder.path());
  types::Context types;
  KernelBtf btf(types, folder.path("none"));
  const auto names = [&](std::string_view module, std::string_view name) {
    std::vector<std::string> found;
    const auto functions = find_kernel_functions(module, name, btf, tracefs);
    EXPECT_TRUE(functions.has_value());
    for (const KernelFunction& function : *functions)
      found.push_back(function.module + ":" + function.name);
    return found;
  };
  EXPECT_THAT(names("", "*"),
              ElementsAre("loop:loop_open", "vmlinux:vfs_read", "vmlinux:vfs_write"));
  EXPECT_THAT(names("loop", "*"), ElementsAre("loop:loop_open"));
  EXPECT_THAT(names("vmlinux", "*read"), ElementsAre("vmlinux:vfs_read"));
}

// vmlinux with struct known, function work and an enum; module "extra" with struct more and function extra_work.
class KernelBtfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    BtfBuilder base;
    const auto word = base.integer("int", 4, 1);
    base.record(BtfKind::Struct, "known", 4, {{"value", word, 0}});
    base.enumeration("commands", {{"COMMAND_LOAD", 5}});
    const auto prototype = base.prototype(word, {{"x", word}});
    base.refer(BtfKind::Function, prototype, "work");
    const auto data = base.refer(BtfKind::Pointer, 0);
    base.refer(BtfKind::Typedef,
               base.refer(BtfKind::Pointer, base.prototype(0, {{"", data}, {"", word}})),
               "btf_trace_base_event");
    folder.add("vmlinux", base.bytes());
    std::uint32_t strings = 0;
    std::memcpy(&strings, base.bytes().data() + 20, sizeof strings);
    BtfBuilder module(base.next_id(), strings);
    const auto more = module.record(BtfKind::Struct, "more", 8, {{"inner", 2, 0}, {"last", 1, 32}});
    const auto pointer = module.refer(BtfKind::Pointer, more);
    module.refer(BtfKind::Function, module.prototype(0, {{"more", pointer}}), "extra_work");
    module.refer(BtfKind::Typedef, prototype, "btf_trace_extra_event");
    folder.add("extra", module.bytes());
    folder.add("broken", "no BTF at all");
  }
  TemporaryFolder folder;
  types::Context types;
  KernelBtf btf{types, folder.path()};
};

TEST_F(KernelBtfTest, ModulesAddToVmlinux) {
  const types::Type* known = btf.find_record("known", Keyword::Struct);
  ASSERT_NE(known, nullptr);
  const types::Type* more = btf.find_record("more", Keyword::Struct);
  ASSERT_NE(more, nullptr);
  EXPECT_EQ(more->record()->find_field("inner")->field.type, known);
  EXPECT_EQ(more->record()->find_field("last")->field.offset, 4U);
  EXPECT_EQ(btf.find_record("nothing", Keyword::Struct), nullptr);
  EXPECT_EQ(btf.find_enum_constant("COMMAND_LOAD")->value, 5U);
}

TEST_F(KernelBtfTest, LazyRecordOfAModule) {
  const types::Type* more = btf.lazy_record("more", Keyword::Struct);
  EXPECT_TRUE(more->record()->fields.empty());
  EXPECT_EQ(more->size(), 8U);
  EXPECT_FALSE(btf.lazy_record("nothing", Keyword::Struct)->record()->complete());
}

TEST_F(KernelBtfTest, FunctionsByModule) {
  EXPECT_TRUE(btf.function("", "work").has_value());
  EXPECT_TRUE(btf.function("vmlinux", "work").has_value());
  EXPECT_TRUE(btf.function("", "extra_work").has_value());
  EXPECT_TRUE(btf.function("extra", "extra_work").has_value());
  EXPECT_FALSE(btf.function("vmlinux", "extra_work").has_value());
  EXPECT_FALSE(btf.function("broken", "work").has_value());
  EXPECT_FALSE(btf.function("../vmlinux", "work").has_value());
  EXPECT_THAT(btf.functions("extra", "*"), ElementsAre("extra_work"));
  EXPECT_THAT(btf.functions("vmlinux", "wor?"), ElementsAre("work"));
}

TEST_F(KernelBtfTest, RawTracepoints) {
  EXPECT_THAT(btf.raw_tracepoints("*"), ElementsAre("base_event", "extra_event"));
  EXPECT_THAT(btf.raw_tracepoints("base_event"), ElementsAre("base_event"));
  EXPECT_THAT(btf.raw_tracepoints("other"), ElementsAre());
}

TEST_F(KernelBtfTest, Markers) {
  EXPECT_TRUE(btf.has_marker("COMMAND_LOAD"));
  EXPECT_FALSE(btf.has_marker("COMMAND"));
  EXPECT_FALSE(btf.has_marker("work"));  // A function, not a constant.
  EXPECT_TRUE(btf.has_marker("func:work"));
  EXPECT_FALSE(btf.has_marker("func:known"));
  EXPECT_TRUE(btf.has_marker("struct:known"));
  EXPECT_FALSE(btf.has_marker("struct:work"));
}

TEST_F(KernelBtfTest, WithoutBtf) {
  KernelBtf none(types, folder.path("nowhere"));
  EXPECT_EQ(none.vmlinux(), nullptr);
  ASSERT_TRUE(none.error().has_value());
  EXPECT_FALSE(none.error()->hint.empty());
  EXPECT_EQ(none.find_record("known", Keyword::Struct), nullptr);
  EXPECT_EQ(none.lazy_record("known", Keyword::Struct), nullptr);
  EXPECT_TRUE(none.similar_types("known").empty());
  EXPECT_FALSE(none.has_marker("func:work"));
}

}  // namespace
}  // namespace sonde::kernel
