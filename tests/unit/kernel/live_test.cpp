// The view of this machine. What needs privileges or kernel options is skipped with the reason.
#include "kernel/live.h"

#include <bpf/btf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "kernel/features.h"
#include "kernel/kallsyms.h"

namespace sonde::kernel {
namespace {

using types::Record;

class LiveTest : public ::testing::Test {
 protected:
  types::Context types;
  std::unique_ptr<View> view = make_live_view(types);
};

#define SONDE_NEEDS_BTF() \
  if (::access("/sys/kernel/btf/vmlinux", R_OK) != 0) GTEST_SKIP() << "no kernel BTF"
#define SONDE_NEEDS_ROOT() \
  if (::geteuid() != 0) GTEST_SKIP() << "needs root"

TEST_F(LiveTest, TaskStructAgreesWithLibbpf) {
  SONDE_NEEDS_BTF();
  const types::Type* task = view->find_record("task_struct", Record::Keyword::Struct);
  ASSERT_NE(task, nullptr);
  btf* reference = btf__parse_raw("/sys/kernel/btf/vmlinux");
  ASSERT_NE(reference, nullptr);
  const auto id = btf__find_by_name_kind(reference, "task_struct", BTF_KIND_STRUCT);
  ASSERT_GT(id, 0);
  const btf_type* raw = btf__type_by_id(reference, static_cast<__u32>(id));
  EXPECT_EQ(task->size(), raw->size);
  std::size_t compared = 0;
  for (__u32 i = 0; i < btf_vlen(raw); ++i) {
    const btf_member* member = btf_members(raw) + i;
    const std::string name = btf__name_by_offset(reference, member->name_off);
    if (name.empty()) continue;
    const auto found = task->record()->find_field(name);
    ASSERT_TRUE(found.has_value()) << name;
    const types::Field& field = found->field;
    const std::uint32_t bit = field.offset * 8 + (field.bit_field ? field.bit_field->shift : 0);
    EXPECT_EQ(bit, btf_member_bit_offset(raw, i)) << name;
    EXPECT_EQ(field.bit_field ? field.bit_field->width : 0, btf_member_bitfield_size(raw, i))
        << name;
    if (!field.bit_field) {
      EXPECT_EQ(field.type->size(), btf__resolve_size(reference, member->type)) << name;
    }
    ++compared;
  }
  EXPECT_GT(compared, 50U);
  EXPECT_TRUE(task->record()->find_field("pid").has_value());
  btf__free(reference);
}

TEST_F(LiveTest, PathThroughTaskStruct) {
  SONDE_NEEDS_BTF();
  const types::Type* task = view->find_record("task_struct", Record::Keyword::Struct);
  const auto parent = task->record()->find_field("real_parent");
  ASSERT_TRUE(parent.has_value());
  EXPECT_EQ(parent->field.type->element(), task);
  const auto comm = task->record()->find_field("comm");
  EXPECT_EQ(comm->field.type, types.array(types.integer(8, true), 16));
}

TEST_F(LiveTest, NamesOfBtf) {
  SONDE_NEEDS_BTF();
  EXPECT_EQ(view->find_typedef("pid_t"), types.integer(32, true));
  EXPECT_EQ(view->find_record("no_such_struct", Record::Keyword::Struct), nullptr);
  EXPECT_EQ(view->find_enum_constant("PIDTYPE_TGID")->value, 1U);
  EXPECT_THAT(view->similar_types("task_strct"), ::testing::Contains("task_struct"));
}

TEST_F(LiveTest, Signatures) {
  SONDE_NEEDS_BTF();
  const auto read = view->function_signature("", "vfs_read");
  ASSERT_TRUE(read.has_value());
  EXPECT_THAT(read->args->record()->field_names(),
              ::testing::ElementsAre("file", "buf", "count", "pos"));
  EXPECT_EQ(read->result, types.int64());
  const auto enter = view->raw_tracepoint_signature("sys_enter");
  ASSERT_TRUE(enter.has_value());
  EXPECT_EQ(enter->args->record()->fields.size(), 2U);
  EXPECT_THAT(*view->raw_tracepoints("sys_e*"), ::testing::Contains("sys_enter"));
}

TEST_F(LiveTest, Features) {
  SONDE_NEEDS_BTF();
  // What every kernel with BTF and a ring buffer has; one that it has not is found by name in features.def.
  EXPECT_TRUE(view->has(plan::Feature::RingBuffer));
  EXPECT_GE(view->possible_cpus(), static_cast<std::uint32_t>(::sysconf(_SC_NPROCESSORS_ONLN)));
}

TEST_F(LiveTest, Tracepoints) {
  SONDE_NEEDS_ROOT();
  const auto all = view->tracepoints("*", "*");
  if (!all) GTEST_SKIP() << all.error().message();
  EXPECT_GT(all->size(), 100U);
  EXPECT_EQ(view->tracepoints("raw_syscalls", "sys_enter")->size(), 1U);
  EXPECT_TRUE(view->tracepoints("raw_syscalls", "sys_entr")->empty());
  const auto format = view->tracepoint_format("raw_syscalls", "sys_enter");
  ASSERT_TRUE(format.has_value());
  const auto id = format->args->record()->find_field("id");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(id->field.offset, 8U);
  EXPECT_EQ(id->field.type, types.int64());
  EXPECT_EQ(format->args->record()->find_field("args")->field.type, types.array(types.uint64(), 6));
}

TEST_F(LiveTest, EveryFormatCanBeRead) {
  SONDE_NEEDS_ROOT();
  const auto all = view->tracepoints("*", "*");
  if (!all) GTEST_SKIP() << all.error().message();
  for (const Tracepoint& event : *all) {
    const auto format = view->tracepoint_format(event.category, event.name);
    ASSERT_TRUE(format.has_value()) << event.category << ':' << event.name;
    for (const types::Field& field : format->args->record()->fields) {
      EXPECT_FALSE(field.type->is_void()) << event.name << '.' << field.name;
      if (field.access == types::FieldAccess::Direct) {
        EXPECT_LE(field.offset + field.type->size(), format->args->size())
            << event.name << '.' << field.name;
      }
    }
  }
}

TEST_F(LiveTest, KernelSymbols) {
  SONDE_NEEDS_ROOT();
  const auto address = view->symbol_address("vfs_read");
  if (!address) GTEST_SKIP() << "addresses of /proc/kallsyms are hidden";
  KernelSymbols symbols;
  const auto symbol = symbols.resolve(*address + 3);
  ASSERT_TRUE(symbol.has_value());
  EXPECT_EQ(symbol->name, "vfs_read");
  EXPECT_EQ(symbol->offset, 3U);
}

TEST_F(LiveTest, KernelFunctions) {
  SONDE_NEEDS_ROOT();
  SONDE_NEEDS_BTF();
  const auto one = view->kernel_functions("", "vfs_read");
  ASSERT_TRUE(one.has_value());
  ASSERT_EQ(one->size(), 1U);
  EXPECT_EQ(one->front().module, "vmlinux");
  const auto several = view->kernel_functions("vmlinux", "vfs_*");
  ASSERT_TRUE(several.has_value());
  EXPECT_GT(several->size(), 10U);
  EXPECT_TRUE(view->kernel_functions("", "no_such_function")->empty());
}

TEST_F(LiveTest, UserFunctions) {
  const auto files = view->find_binaries("libc");
  if (!files) GTEST_SKIP() << "no shared libc here";
  const std::string* libc = &files->front().path;
  const auto found = view->user_functions(*libc, "malloc");
  ASSERT_TRUE(found.has_value());
  ASSERT_FALSE(found->empty());
  EXPECT_EQ(*view->file_offset(*libc, found->front().address), found->front().file_offset);
  EXPECT_FALSE(view->user_functions("/nonexistent", "x").has_value());
}

TEST(Features, Versions) {
  EXPECT_TRUE(is_at_least("6.1.0-18-amd64", "5.15"));
  EXPECT_TRUE(is_at_least("5.15.0", "5.15"));
  EXPECT_FALSE(is_at_least("5.4.0", "5.15"));
  EXPECT_FALSE(is_at_least("", "5.15"));
}

TEST(Features, PossibleCpus) {
  const auto parsed = [](std::string_view list) {
    const PossibleCpus cpus = parse_possible_cpus(list);
    return std::pair(cpus.count, cpus.id_limit);
  };
  EXPECT_EQ(parsed("0-3\n"), std::pair(4U, 4U));
  EXPECT_EQ(parsed("0"), std::pair(1U, 1U));
  EXPECT_EQ(parsed("0-3,8-11"), std::pair(8U, 12U));
  EXPECT_EQ(parsed("0-1,4,8-9"), std::pair(5U, 10U));
  EXPECT_EQ(parsed(""), std::pair(0U, 0U));
  EXPECT_EQ(parsed("3-1"), std::pair(0U, 0U));
}

}  // namespace
}  // namespace sonde::kernel
