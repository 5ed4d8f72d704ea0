// What libbpf finds in the object; nothing is loaded, so that any user can run it.
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "codegen/codegen.h"
#include "sema/analysis.h"

namespace sonde {
namespace {

struct Closer {
  void operator()(bpf_object* object) const { ::bpf_object__close(object); }
};

struct Opened {
  std::unique_ptr<test::Analysis> analysis;
  codegen::Output output;
  std::unique_ptr<bpf_object, Closer> object;

  [[nodiscard]] const bpf_map* map(const char* name) const {
    return ::bpf_object__find_map_by_name(object.get(), name);
  }
  // True if the line info or the types hold `text`.
  [[nodiscard]] bool btf_has(std::string_view text) const {
    std::uint32_t size = 0;
    const void* raw = ::btf__raw_data(::bpf_object__btf(object.get()), &size);
    return std::string_view(static_cast<const char*>(raw), size).find(text) !=
           std::string_view::npos;
  }
};

Opened compile(const std::string& script, codegen::Options options = {},
               const test::AnalysisOptions& host = {}) {
  Opened opened{.analysis = test::analyze("test.bt", script, host), .output = {}, .object = {}};
  EXPECT_FALSE(opened.analysis->emitter.has_errors()) << opened.analysis->messages();
  options.verify_ir = true;
  auto output = codegen::generate(opened.analysis->plan, opened.analysis->sources, options);
  if (!output) {
    ADD_FAILURE() << output.error().message();
    return opened;
  }
  opened.output = std::move(*output);
  opened.object.reset(
      ::bpf_object__open_mem(opened.output.elf.data(), opened.output.elf.size(), nullptr));
  EXPECT_NE(opened.object, nullptr);
  return opened;
}

TEST(Object, HoldsOnlyTheMapsThatAreNeeded) {
  const Opened opened = compile("rawtracepoint:sys_enter { @ = count(); }");
  ASSERT_NE(opened.object, nullptr);
  EXPECT_EQ(opened.map(plan::kRingMap), nullptr);
  EXPECT_EQ(opened.map(plan::kControlMap), nullptr);
  EXPECT_EQ(opened.map(plan::kStackMap), nullptr);
  EXPECT_EQ(opened.map(plan::kScratchMap), nullptr);
}

TEST(Object, MapsHaveTheLayoutOfThePlan) {
  const Opened opened =
      compile("begin { @s = 1; @k[comm, pid] = count(); @h[1] = hist(2); printf(\"x\"); exit(); }");
  ASSERT_NE(opened.object, nullptr);
  for (const plan::Map& map : opened.analysis->plan.manifest.maps) {
    const bpf_map* found = opened.map(map.bpf_name.c_str());
    ASSERT_NE(found, nullptr) << map.name;
    EXPECT_EQ(::bpf_map__key_size(found), map.is_scalar() ? 4 : map.key->size()) << map.name;
    EXPECT_EQ(::bpf_map__value_size(found), map.value_size()) << map.name;
    EXPECT_EQ(::bpf_map__max_entries(found), map.max_entries) << map.name;
  }
  EXPECT_EQ(::bpf_map__max_entries(opened.map(plan::kRingMap)),
            opened.analysis->plan.manifest.settings.ring_bytes);
  EXPECT_NE(opened.map(plan::kControlMap), nullptr);
}

constexpr const char* kKeyedHistogram = "begin { @h[1] = hist(2); @c[1] = count(); }";

TEST(Object, LargeValuesAreAllocatedLateWhereProgramsMayAllocate) {
  const Opened opened = compile(kKeyedHistogram);
  ASSERT_NE(opened.object, nullptr);
  EXPECT_EQ(::bpf_map__map_flags(opened.map("map_h")), BPF_F_NO_PREALLOC);
  EXPECT_EQ(::bpf_map__map_flags(opened.map("map_c")), 0U);
}

TEST(Object, WithoutThatTheyArePreallocatedAndLimited) {
  test::AnalysisOptions old;
  old.host.missing_features.set(static_cast<std::size_t>(plan::Feature::MapAllocInPrograms));
  old.sema.cpus = 4;
  const Opened small = compile(kKeyedHistogram, {}, old);
  ASSERT_NE(small.object, nullptr);
  EXPECT_EQ(::bpf_map__map_flags(small.map("map_h")), 0U);
  EXPECT_EQ(::bpf_map__max_entries(small.map("map_h")), 4096U);

  old.sema.cpus = 1024;
  const Opened large = compile(kKeyedHistogram, {}, old);
  ASSERT_NE(large.object, nullptr);
  const std::uint64_t bytes = std::uint64_t{::bpf_map__max_entries(large.map("map_h"))} *
                              ::bpf_map__value_size(large.map("map_h")) * 1024;
  EXPECT_LE(bytes, std::uint64_t{64} << 20);
  EXPECT_GT(bytes, std::uint64_t{60} << 20);
  EXPECT_EQ(::bpf_map__max_entries(large.map("map_c")), 4096U);
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// Two runs on one CPU must not write the same scratch memory.
TEST(Object, ScratchMemoryIsClaimedWhereTheKernelDoesNotGuardIt) {
  const codegen::Options want{.want_assembly = true};
  const std::string body = " { $a = str(arg0, 200); if (pid == 1) { return; } @[$a] = 1; }";
  const Opened raw = compile("rawtracepoint:sys_enter" + body, want);
  EXPECT_EQ(count(raw.output.assembly, "xchg_64("), 1U);
  const Opened kprobe = compile("kprobe:vfs_read" + body, want);
  EXPECT_EQ(count(kprobe.output.assembly, "xchg_64("), 0U);
  EXPECT_NE(kprobe.map(plan::kScratchMap), nullptr);
  const Opened none = compile("rawtracepoint:sys_enter { @ = arg0; }", want);
  EXPECT_EQ(count(none.output.assembly, "xchg_64("), 0U);
}

// The addition without a result is the cheaper one, and older than the other.
TEST(Object, AnIncrementFetchesOnlyWhatIsUsed) {
  const codegen::Options want{.want_assembly = true};
  const Opened plain = compile("begin { @x[1]++; @y--; @x[2] += 3; }", want);
  EXPECT_EQ(plain.output.assembly.find("atomic_fetch"), std::string::npos);
  EXPECT_NE(plain.output.assembly.find("lock *(u64 *)"), std::string::npos);
  const Opened used = compile("begin { print(@x[1]++); }", want);
  EXPECT_NE(used.output.assembly.find("atomic_fetch_add"), std::string::npos);
}

TEST(Object, LineInfoHoldsTheScriptsText) {
  const Opened opened = compile("begin\n{\n  @answer = nsecs;\n}");
  ASSERT_NE(opened.object, nullptr);
  EXPECT_TRUE(opened.btf_has("  @answer = nsecs;"));
  EXPECT_TRUE(opened.btf_has("test.bt"));
}

TEST(Object, ProgramsHaveTheirSections) {
  const Opened opened = compile(
      "begin { @ = 1; } end { @ = 2; } tracepoint:sched:sched_switch { @ = args.prev_pid; }");
  ASSERT_NE(opened.object, nullptr);
  std::size_t index = 0;
  const bpf_program* program = nullptr;
  while ((program = ::bpf_object__next_program(opened.object.get(),
                                               const_cast<bpf_program*>(program))) != nullptr) {
    const auto& programs = opened.analysis->plan.manifest.programs;
    const auto planned = std::find_if(
        programs.begin(), programs.end(),
        [&](const plan::BpfProgram& p) { return p.name == ::bpf_program__name(program); });
    ASSERT_NE(planned, programs.end());
    EXPECT_EQ(planned->section, ::bpf_program__section_name(program));
    ++index;
  }
  EXPECT_EQ(index, 3U);
}

TEST(Object, LargeTemporariesLieInScratchMemory) {
  const Opened opened =
      compile("tracepoint:syscalls:sys_enter_openat { @[str(args.filename)] = 1; }");
  ASSERT_NE(opened.object, nullptr);
  const bpf_map* scratch = opened.map(plan::kScratchMap);
  ASSERT_NE(scratch, nullptr);
  EXPECT_EQ(::bpf_map__value_size(scratch), opened.analysis->plan.manifest.scratch_bytes);
  EXPECT_GE(opened.analysis->plan.manifest.scratch_bytes,
            opened.analysis->plan.manifest.settings.max_strlen);
}

TEST(Object, ScratchMemoryIsUsedAgainByTheNextStatement) {
  const auto bytes = [](const std::string& body) {
    return compile("tracepoint:syscalls:sys_enter_openat {" + body + "}")
        .analysis->plan.manifest.scratch_bytes;
  };
  const std::string statement = "@[str(args.filename)] = 1;";
  EXPECT_EQ(bytes(statement), bytes(statement + statement + statement));
}

TEST(Object, TextsOnRequest) {
  const Opened opened = compile(
      "begin { @ = 1; }", {.want_ir = true, .want_optimized_ir = true, .want_assembly = true});
  EXPECT_NE(opened.output.ir.find("define i64 @p0_begin(ptr"), std::string::npos);
  EXPECT_NE(opened.output.optimized_ir.find("define i64 @p0_begin(ptr"), std::string::npos);
  EXPECT_NE(opened.output.assembly.find("call 1"), std::string::npos);
  EXPECT_NE(opened.object, nullptr);
}

// More than one element of the scratch map holds.
TEST(Object, ManyLongStringsTakeSeveralPages) {
  const Opened opened = compile(
      "config = { max_strlen = 16384 }\n"
      "tracepoint:syscalls:sys_enter_openat {\n"
      "  $a = str(args.filename); $b = str(args.filename); $c = str(args.filename);\n"
      "  @[$a] = $b == $c;\n}");
  ASSERT_NE(opened.object, nullptr);
  EXPECT_NE(opened.map(plan::kScratchMap), nullptr);
}

}  // namespace
}  // namespace sonde
