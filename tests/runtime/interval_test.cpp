// Exact intervals: what is printed and emptied while events go on adds up to what was counted, in every kind of map.
#include <gtest/gtest.h>
#include <sched.h>

#include <cstdint>
#include <cstdlib>
#include <regex>
#include <sstream>
#include <string>

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

int cpus() {
  cpu_set_t all;
  return ::sched_getaffinity(0, sizeof all, &all) == 0 ? CPU_COUNT(&all) : 0;
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
  Invocation invocation;
  invocation.timeout_seconds = 60;
  invocation.words = {
      SONDE_PROGRAM,
      "-q",
      "-f",
      "json",
      "-e",
      kScript,
      "-c",
      std::string(SONDE_WORKLOAD) + " getppid_everywhere " + std::to_string(calls_of_a_cpu())};
  const Outcome outcome = run(invocation);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out.find("lost_events"), std::string::npos);
  const std::uint64_t calls = calls_of_a_cpu() * static_cast<std::uint64_t>(cpus());
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

// Keys that are too many are counted as lost, whichever generation they were for.
TEST(Intervals, FullMapsAreAccounted) {
  if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM,
                      "-q",
                      "-f",
                      "json",
                      "-e",
                      "config = { max_map_keys = 10 } "
                      "tracepoint:syscalls:sys_enter_getppid /pid == cpid/ { @[nsecs] = count(); } "
                      "interval:ms:10 { print(@); clear(@); }",
                      "-c",
                      std::string(SONDE_WORKLOAD) + " getppid 200000"};
  const Outcome outcome = run(invocation);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::string lost;
  std::string shown;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);)
    (line.find("lost_events") != std::string::npos ? lost : shown) += line + "\n";
  EXPECT_EQ(seen(shown, "@", "\"").sum + seen(lost, "@", "\"@\"").sum, 200'000U);
  EXPECT_GT(seen(lost, "@", "\"@\"").sum, 0U);
}

}  // namespace
}  // namespace sonde::test
