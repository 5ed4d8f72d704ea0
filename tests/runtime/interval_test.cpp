// Exact intervals: what is printed and emptied while events go on adds up to what was counted, in every kind of map.
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <thread>

#include "cases.h"
#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

struct Seen {
  std::uint64_t sum = 0;     // Of all numbers of the map, from all its printings.
  std::uint64_t prints = 0;  // How often it was printed.
};

// The numbers behind `label` in the JSON lines of the map.
Seen seen(const std::string& out, const std::string& map, const std::string& label) {
  Seen found;
  const std::regex number(label + R"(: (\d+))");
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find("\"" + map + "\": ");
    if (at == std::string::npos) continue;
    ++found.prints;
    for (std::sregex_iterator it(line.begin() + static_cast<std::ptrdiff_t>(at), line.end(),
                                 number);
         it != std::sregex_iterator(); ++it) {
      found.sum += std::stoull((*it)[1]);
    }
  }
  return found;
}

// On each CPU. The guest is emulated.
std::uint64_t calls_of_a_cpu() {
  return std::getenv("SONDE_GUEST") != nullptr ? 300'000 : 2'000'000;
}

// The statements that empty a map, between other prints and with all arguments.
constexpr const char* kScript = R"(
tracepoint:syscalls:sys_enter_getppid /pid == cpid/ {
  @scalar = count();
  @keyed[tid, cpu] = sum(3);
  @late[nsecs / 1000000] = count();
  @hist = hist(1);
  @plain[cpu]++;
  @one++;
  @zeroed[tid] = count();
  @zero = sum(2);
  @kept = count();
}
interval:ms:100 {
  print(@scalar); clear(@scalar);
  print(@keyed, 1000); print(@late); clear(@keyed); clear(@late);
  if (1) { print(@hist); clear(@hist); }
  print(@plain); clear(@plain);
  print(@one); clear(@one);
}
interval:ms:130 { print(@zeroed); zero(@zeroed); print(@zero); zero(@zero); }
)";

TEST(Intervals, NothingIsLostAndNothingCountedTwice) {
  if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
  Invocation invocation =
      json_invocation(kScript, "getppid_everywhere " + std::to_string(calls_of_a_cpu()));
  invocation.timeout_seconds = 60;
  const Outcome outcome = run(invocation);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out.find("lost_events"), std::string::npos);
  const std::uint64_t calls = calls_of_a_cpu() * usable_cpus();
  const struct {
    const char* map;
    std::uint64_t each;
  } kMaps[] = {{"@scalar", 1}, {"@keyed", 3}, {"@late", 1},   {"@plain", 1},
               {"@one", 1},    {"@zero", 2},  {"@zeroed", 1}, {"@kept", 1}};
  for (const auto& [map, each] : kMaps) {
    const Seen found = seen(outcome.out, map, "\"");
    EXPECT_EQ(found.sum, calls * each) << map;
    if (std::string(map) != "@kept") {
      EXPECT_GT(found.prints, 1U) << map;
    }
  }
  EXPECT_EQ(seen(outcome.out, "@hist", "\"count\"").sum, calls);
}

// What a program does between the prints of one block is done with the maps that it sees in its text, although user space handles the
// first print while the program runs.
TEST(Intervals, WhatStandsBetweenPrintsIsKept) {
  if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
  const Outcome outcome = run({.words = {SONDE_PROGRAM, "-q", "-e", R"(
    begin { @set = 5; }
    tracepoint:syscalls:sys_enter_getppid /pid == cpid/ {
      @a = count(); print(@a); clear(@a);
      for ($i : 0..2000000) { @b = count(); }
      if (@set != 5) { printf("wrong\n"); }
      print(@b); clear(@b); print(@set); clear(@set);
    })",
                                         "-c", std::string(SONDE_WORKLOAD) + " getppid 1"},
                               .timeout_seconds = 60});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("@b: 2000000\n"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("@set: 5\n"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("wrong"), std::string::npos) << outcome.out;
}

// Keys that are too many are counted as lost, whichever generation they were for.
TEST(Intervals, FullMapsAreAccounted) {
  if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
  const Outcome outcome = run(
      json_invocation("config = { max_map_keys = 10 } "
                      "tracepoint:syscalls:sys_enter_getppid /pid == cpid/ { @[nsecs] = count(); } "
                      "interval:ms:10 { print(@); clear(@); }",
                      "getppid 200000"));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::string lost;
  std::string shown;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);)
    (line.find("lost_events") != std::string::npos ? lost : shown) += line + "\n";
  EXPECT_EQ(seen(shown, "@", "\"").sum + seen(lost, "@", "\"@\"").sum, 200'000U);
  EXPECT_GT(seen(lost, "@", "\"@\"").sum, 0U);
}

// Runs sonde on a kernel that fails this command of bpf(2) with ENOMEM.
Outcome run_without(std::uint32_t command, const Invocation& invocation) {
  Outcome outcome;
  // A filter is its thread's alone, and of what that starts.
  std::thread filtered([&] {
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_bpf, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, command, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOMEM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{static_cast<unsigned short>(std::size(code)), code};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return;
    outcome = run(invocation);
  });
  filtered.join();
  return outcome;
}

Invocation failing_intervals(long calls) {
  return json_invocation(R"(tracepoint:syscalls:sys_enter_getppid /pid == cpid/ {
  @keyed[pid, cpu] = sum(3);
  @many[nsecs % 1000] = count();
  @plain[cpu]++;
  @last[1] = 7;
  @one++;
  @most[1] = max(@one);
  @scalar = count();
}
interval:ms:20 {
  print(@keyed); clear(@keyed);
  print(@many); clear(@many);
  print(@plain); clear(@plain);
  print(@last); clear(@last);
  print(@most); clear(@most);
  print(@one); zero(@one);
  print(@scalar); clear(@scalar);
})",
                         "getppid " + std::to_string(calls));
}

// Where keys cannot be removed intervals are told to have failed, and the end of the run prints what both generations hold.
TEST(Intervals, WhatFailedIntervalsLeaveIsPrintedInTheEnd) {
  if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
  constexpr long kCalls = 300'000;
  const Outcome outcome = run_without(BPF_MAP_DELETE_ELEM, failing_intervals(kCalls));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("clear map @keyed"), std::string::npos) << outcome.err;
  EXPECT_EQ(seen(outcome.out, "@keyed", "\"").sum, 3U * kCalls);
  EXPECT_EQ(seen(outcome.out, "@many", "\"").sum, std::uint64_t{kCalls});
  EXPECT_EQ(seen(outcome.out, "@plain", "\"").sum, std::uint64_t{kCalls});
  EXPECT_EQ(seen(outcome.out, "@last", "\"").sum, 7U);
  EXPECT_EQ(seen(outcome.out, "@keyed", "\"").prints, 1U);
  // Nothing has to be removed of these.
  EXPECT_EQ(seen(outcome.out, "@one", "\"").sum, std::uint64_t{kCalls});
  EXPECT_EQ(seen(outcome.out, "@scalar", "\"").sum, std::uint64_t{kCalls});
  EXPECT_GT(seen(outcome.out, "@scalar", "\"").prints, 1U);
}

// Without memory for many keys at once they are read one by one.
TEST(Intervals, MapsAreReadInSmallParts) {
  if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
  constexpr long kCalls = 300'000;
  const Outcome outcome = run_without(BPF_MAP_LOOKUP_BATCH, failing_intervals(kCalls));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(seen(outcome.out, "@keyed", "\"").sum, 3U * kCalls);
  EXPECT_EQ(seen(outcome.out, "@many", "\"").sum, std::uint64_t{kCalls});
  EXPECT_GT(seen(outcome.out, "@many", "\"").prints, 1U);
}

// Many new keys with a histogram each, where interrupts are off and the kernel cannot get memory for them.
TEST(MapUpdates, ManyKeysAtOnceHaveRoom) {
  if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM,      "-q", "-f", "json", "-e",
                      R"(interval:ms:50 {
  for ($i : 0..300) { @loop[@n, $i] = hist($i); }
  @two[@n, 1] = lhist(@n, 0, 100, 1); @two[@n, 2] = lhist(@n, 0, 100, 1); @two[@n, 3] = lhist(@n, 0, 100, 1);
  @n++;
  if (@n == 5) { exit(); }
})"};
  const Outcome outcome = run(invocation);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(seen(outcome.out, "@loop", "\"count\"").sum, 1500U);
  EXPECT_EQ(seen(outcome.out, "@two", "\"count\"").sum, 15U);
}

// A map that is too large to be made as a whole: what the kernel has no memory for is told as that, to the update.
TEST(MapUpdates, WantOfMemoryIsNoFullMap) {
  for (const char* requirement : {"root"}) {
    if (const auto reason = lacking(requirement)) GTEST_SKIP() << *reason;
  }
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM, "-q", "-e",
                      R"(config = { max_map_keys = 70000; max_strlen = 1024 }
interval:ms:50 {
  for ($i : 0..300) { @s[@n, $i] = str(1); }
  @n++;
  if (@n == 5) { exit(); }
})"};
  const Outcome outcome = run(invocation);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::smatch lost;
  ASSERT_TRUE(std::regex_search(outcome.err, lost,
                                std::regex("Lost (\\d+) updates of @s: no memory for so many new")))
      << outcome.err;
  EXPECT_EQ(outcome.err.find("full"), std::string::npos) << outcome.err;
  std::uint64_t keys = 0;
  for (std::size_t at = 0; (at = outcome.out.find("@s[", at)) != std::string::npos; ++at) ++keys;
  EXPECT_EQ(keys + std::stoull(lost[1]), 1500U);
}

}  // namespace
}  // namespace sonde::test
