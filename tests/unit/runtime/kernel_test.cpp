// Rings, maps and attaching on the running kernel, with programs of a few instructions.
#include <bpf/bpf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <cstring>
#include <set>

#include "fake_names.h"
#include "kernel/features.h"
#include "runtime/attach/attach.h"
#include "runtime/clock.h"
#include "runtime/decode.h"
#include "runtime/maps.h"
#include "runtime/privilege.h"
#include "runtime/process.h"
#include "runtime/ring.h"
#include "runtime/symbols/user_symbols.h"

namespace sonde::runtime {
namespace {

using types::TypeKind;

bpf_insn insn(int code, int destination, int source, int offset, int immediate) {
  return {static_cast<__u8>(code), static_cast<__u8>(destination & 15),
          static_cast<__u8>(source & 15), static_cast<__s16>(offset), immediate};
}

// The two instructions that load a map's address into `target`.
std::vector<bpf_insn> load_map(int target, int fd) {
  return {insn(BPF_LD | BPF_IMM | BPF_DW, target, BPF_PSEUDO_MAP_FD, 0, fd), insn(0, 0, 0, 0, 0)};
}

std::vector<bpf_insn> operator+(std::vector<bpf_insn> a, const std::vector<bpf_insn>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// bpf_ringbuf_output(ring, &42, 8, 0)
std::vector<bpf_insn> send_42(int ring) {
  return std::vector<bpf_insn>{insn(BPF_ST | BPF_MEM | BPF_DW, 10, 0, -8, 42)} + load_map(1, ring) +
         std::vector<bpf_insn>{insn(BPF_ALU64 | BPF_MOV | BPF_X, 2, 10, 0, 0),
                               insn(BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -8),
                               insn(BPF_ALU64 | BPF_MOV | BPF_K, 3, 0, 0, 8),
                               insn(BPF_ALU64 | BPF_MOV | BPF_K, 4, 0, 0, 0),
                               insn(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_ringbuf_output),
                               insn(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0),
                               insn(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)};
}

// ++array[0]
std::vector<bpf_insn> count_in(int array) {
  return std::vector<bpf_insn>{insn(BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, 0)} + load_map(1, array) +
         std::vector<bpf_insn>{insn(BPF_ALU64 | BPF_MOV | BPF_X, 2, 10, 0, 0),
                               insn(BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -4),
                               insn(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem),
                               insn(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2, 0),
                               insn(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 1),
                               insn(BPF_STX | BPF_ATOMIC | BPF_DW, 0, 1, 0, BPF_ADD),
                               insn(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0),
                               insn(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)};
}

class OnKernel : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto allowed = check_privilege(); !allowed) GTEST_SKIP() << allowed.error().message();
    const auto count = kernel::possible_cpus();
    ASSERT_TRUE(count.has_value());
    cpus = count->count;
  }
  OwnedFd create(bpf_map_type type, std::uint32_t key, std::uint32_t value, std::uint32_t entries) {
    OwnedFd fd(::bpf_map_create(type, "sonde_test", key, value, entries, nullptr));
    EXPECT_TRUE(fd.valid()) << std::strerror(errno);
    return fd;
  }
  OwnedFd load(bpf_prog_type type, const std::vector<bpf_insn>& code) {
    OwnedFd fd(::bpf_prog_load(type, "sonde_test", "GPL", code.data(), code.size(), nullptr));
    EXPECT_TRUE(fd.valid()) << std::strerror(errno);
    return fd;
  }
  std::uint64_t counted(int array) {
    const std::uint32_t key = 0;
    std::uint64_t value = 0;
    EXPECT_EQ(::bpf_map_lookup_elem(array, &key, &value), 0);
    return value;
  }
  plan::AttachPoint point(builtins::ProbeKindId kind, std::string symbol) {
    plan::AttachPoint made;
    made.kind = &builtins::probe_kind(kind);
    made.name = std::string(made.kind->name) + ":" + symbol;
    made.symbol = std::move(symbol);
    return made;
  }
  std::uint32_t cpus = 1;
  types::Context context;
  FakeNames names;
};

// A ring of one page, which wraps, and one that is larger than the window.
TEST_F(OnKernel, RingDeliversWhatAProgramSends) {
  for (const std::uint32_t bytes : {4096U, 1U << 20}) {
    const OwnedFd map = create(BPF_MAP_TYPE_RINGBUF, 0, 0, bytes);
    auto ring = Ring::open(map.get(), 8);
    ASSERT_TRUE(ring.has_value()) << ring.error().message();
    const OwnedFd program = load(BPF_PROG_TYPE_RAW_TRACEPOINT, send_42(map.get()));
    const std::size_t batch = bytes / 16 - 8;
    for (int round = 0; round < 3; ++round) {
      for (std::size_t i = 0; i < batch; ++i) {
        LIBBPF_OPTS(bpf_test_run_opts, options);
        ASSERT_EQ(::bpf_prog_test_run_opts(program.get(), &options), 0);
      }
      std::size_t right = 0;
      const std::size_t taken = (*ring)->cursor().drain(UINT64_MAX, [&](Record record) {
        if (record.size() == 8 && read_u64(record, 0) == 42) ++right;
        return true;
      });
      EXPECT_EQ(taken, batch) << bytes;
      EXPECT_EQ(right, batch) << bytes;
    }
  }
}

TEST_F(OnKernel, HashOfManyKeysIsReadZeroedAndCleared) {
  constexpr std::uint32_t kKeys = 5000;
  plan::Map map;
  map.name = "@m";
  map.kind = plan::Map::Kind::Hash;
  map.key = context.uint64();
  map.value = context.uint64();
  map.max_entries = 8192;
  const OwnedFd fd = create(BPF_MAP_TYPE_HASH, 8, 8, map.max_entries);
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    const std::uint64_t value = key * 3;
    ASSERT_EQ(::bpf_map_update_elem(fd.get(), &key, &value, BPF_ANY), 0);
  }
  const MapAccess access(map, fd.get(), cpus);
  const auto integer = [](const output::Value& value) {
    return std::get<output::Integer>(value.data).bits;
  };
  auto snapshot = access.read(names);
  ASSERT_TRUE(snapshot.has_value()) << snapshot.error().message();
  EXPECT_EQ(snapshot->name, "@m");
  ASSERT_EQ(snapshot->entries.size(), kKeys);
  std::uint64_t sum = 0;
  for (const output::MapEntry& entry : snapshot->entries) {
    EXPECT_EQ(integer(entry.value), integer(*entry.key) * 3);
    sum += integer(*entry.key);
  }
  EXPECT_EQ(sum, std::uint64_t{kKeys} * (kKeys - 1) / 2);
  ASSERT_TRUE(access.zero().has_value());
  snapshot = access.read(names);
  ASSERT_EQ(snapshot->entries.size(), kKeys);
  EXPECT_EQ(integer(snapshot->entries[7].value), 0U);
  ASSERT_TRUE(access.clear().has_value());
  EXPECT_TRUE(access.read(names)->entries.empty());
}

TEST_F(OnKernel, LargeValuesAreReadInSeveralBatches) {
  constexpr std::uint32_t kKeys = 300;
  constexpr std::uint32_t kValueBytes = 16384;
  plan::Map map;
  map.name = "@m";
  map.kind = plan::Map::Kind::Hash;
  map.key = context.uint64();
  map.value = context.string(kValueBytes);
  map.max_entries = 1024;
  const OwnedFd fd = create(BPF_MAP_TYPE_HASH, 8, kValueBytes, map.max_entries);
  std::vector<char> value(kValueBytes);
  value[0] = 'x';
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    ASSERT_EQ(::bpf_map_update_elem(fd.get(), &key, value.data(), BPF_ANY), 0);
  }
  const auto snapshot = MapAccess(map, fd.get(), cpus).read(names);
  ASSERT_TRUE(snapshot.has_value()) << snapshot.error().message();
  std::set<std::uint64_t> keys;
  for (const output::MapEntry& entry : snapshot->entries) {
    keys.insert(std::get<output::Integer>(entry.key->data).bits);
    EXPECT_EQ(std::get<output::Text>(entry.value.data).bytes, "x");
  }
  EXPECT_EQ(snapshot->entries.size(), kKeys);
  EXPECT_EQ(keys.size(), kKeys);
}

TEST_F(OnKernel, PerCpuHashIsMerged) {
  plan::Map map;
  map.name = "@m";
  map.kind = plan::Map::Kind::PerCpuHash;
  map.key = context.string(16);
  map.value = context.simple(TypeKind::Count);
  map.max_entries = 64;
  const OwnedFd fd = create(BPF_MAP_TYPE_PERCPU_HASH, 16, 8, map.max_entries);
  char key[16] = "bash";
  const std::vector<std::uint64_t> values(cpus, 4);
  ASSERT_EQ(::bpf_map_update_elem(fd.get(), key, values.data(), BPF_ANY), 0);
  const auto snapshot = MapAccess(map, fd.get(), cpus).read(names);
  ASSERT_TRUE(snapshot.has_value());
  ASSERT_EQ(snapshot->entries.size(), 1U);
  EXPECT_EQ(std::get<output::Text>(snapshot->entries[0].key->data).bytes, "bash");
  EXPECT_EQ(std::get<output::Integer>(snapshot->entries[0].value.data).bits, 4U * cpus);
}

TEST_F(OnKernel, ScalarIsThereOnlyWhenSet) {
  plan::Map map;
  map.name = "@s";
  map.kind = plan::Map::Kind::Array;
  map.value = context.int64();
  const OwnedFd fd = create(BPF_MAP_TYPE_ARRAY, 4, 16, 1);
  const MapAccess access(map, fd.get(), cpus);
  EXPECT_TRUE(access.read(names)->entries.empty());
  const std::uint32_t key = 0;
  const std::uint64_t value[2] = {1, 9};
  ASSERT_EQ(::bpf_map_update_elem(fd.get(), &key, value, BPF_ANY), 0);
  auto snapshot = access.read(names);
  ASSERT_EQ(snapshot->entries.size(), 1U);
  EXPECT_FALSE(snapshot->entries[0].key.has_value());
  EXPECT_EQ(std::get<output::Integer>(snapshot->entries[0].value.data).bits, 9U);
  ASSERT_TRUE(access.zero().has_value());
  snapshot = access.read(names);
  ASSERT_EQ(snapshot->entries.size(), 1U);
  EXPECT_EQ(std::get<output::Integer>(snapshot->entries[0].value.data).bits, 0U);
  ASSERT_TRUE(access.clear().has_value());
  EXPECT_TRUE(access.read(names)->entries.empty());
}

TEST_F(OnKernel, RawTracepointFiresUntilItIsClosed) {
  const OwnedFd array = create(BPF_MAP_TYPE_ARRAY, 4, 8, 1);
  const OwnedFd loaded = load(BPF_PROG_TYPE_RAW_TRACEPOINT, count_in(array.get()));
  plan::BpfProgram program;
  program.attach_points = {point(builtins::ProbeKindId::RawTracepoint, "sys_enter")};
  Attachments attachments;
  Attacher attacher(attachments, 0);
  attach(attacher, program, loaded.get());
  EXPECT_TRUE(attacher.failures().empty());
  ASSERT_EQ(attacher.attached().size(), 1U);
  ::getppid();
  EXPECT_GT(counted(array.get()), 0U);
  attachments.close_quick();
  ::usleep(1000);  // Programs that were running.
  const std::uint64_t before = counted(array.get());
  ::getppid();
  EXPECT_EQ(counted(array.get()), before);
}

TEST_F(OnKernel, FailuresNameThePlace) {
  const OwnedFd array = create(BPF_MAP_TYPE_ARRAY, 4, 8, 1);
  const OwnedFd loaded = load(BPF_PROG_TYPE_RAW_TRACEPOINT, count_in(array.get()));
  plan::BpfProgram program;
  program.attach_points = {point(builtins::ProbeKindId::RawTracepoint, "sys_exit"),
                           point(builtins::ProbeKindId::RawTracepoint, "sonde_no_such_event")};
  Attachments attachments;
  Attacher attacher(attachments, 0);
  attach(attacher, program, loaded.get());
  ASSERT_EQ(attacher.failures().size(), 1U);
  EXPECT_EQ(attacher.failures()[0].point, &program.attach_points[1]);
  EXPECT_EQ(attacher.failures()[0].error.code, ENOENT);
  EXPECT_EQ(attacher.attached().size(), 1U);
}

TEST_F(OnKernel, IntervalTicks) {
  const OwnedFd array = create(BPF_MAP_TYPE_ARRAY, 4, 8, 1);
  const OwnedFd loaded = load(BPF_PROG_TYPE_PERF_EVENT, count_in(array.get()));
  plan::BpfProgram program;
  program.type = plan::ProgramType::Timer;
  program.attach_points = {point(builtins::ProbeKindId::Interval, "ms:1")};
  program.attach_points[0].period = 1'000'000;
  Attachments attachments;
  Attacher attacher(attachments, 0);
  attach(attacher, program, loaded.get());
  ASSERT_TRUE(attacher.failures().empty()) << attacher.failures()[0].error.message();
  for (int i = 0; i < 1000 && counted(array.get()) < 3; ++i) ::usleep(5000);
  EXPECT_GE(counted(array.get()), 3U);
}

TEST_F(OnKernel, PerCpuCounterAddsUp) {
  const OwnedFd fd = create(BPF_MAP_TYPE_PERCPU_ARRAY, 4, 8, 4);
  const std::uint32_t key = 2;
  const std::vector<std::uint64_t> values(cpus, 5);
  ASSERT_EQ(::bpf_map_update_elem(fd.get(), &key, values.data(), BPF_ANY), 0);
  EXPECT_EQ(per_cpu_counter(fd.get(), 2, cpus), 5U * cpus);
  EXPECT_EQ(per_cpu_counter(fd.get(), 0, cpus), 0U);
  EXPECT_EQ(per_cpu_counter(-1, 0, cpus), 0U);
}

// Whether processes are followed or /proc is asked.
void expect_other_program_after_exec(UserSymbols& symbols) {
  auto child = Child::spawn("sleep 1000");
  ASSERT_TRUE(child.has_value());
  // Before its exec the child is a copy of this process.
  const auto address = reinterpret_cast<std::uint64_t>(&count_in);
  const plan::ProcessWord process{.tgid = static_cast<std::uint32_t>(child->pid())};
  const std::string before = symbols.resolve(process, address).module;
  EXPECT_NE(before, "");
  ASSERT_TRUE(child->release().has_value());
  ::usleep(20'000);
  const plan::ProcessWord now{.tgid = process.tgid,
                              .exec_time = plan::exec_time(boot_nanoseconds())};
  EXPECT_NE(symbols.resolve(now, address).module, before);
}

TEST(UserSymbolsTest, MappingsFollowAnExec) {
  UserSymbols symbols({});
  expect_other_program_after_exec(symbols);
}

TEST(UserSymbolsTest, EventsTellOfAnExec) {
  UserSymbols symbols({});
  if (const auto followed = symbols.follow(); !followed) GTEST_SKIP() << followed.error().message();
  expect_other_program_after_exec(symbols);
}

}  // namespace
}  // namespace sonde::runtime
