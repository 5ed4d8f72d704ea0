// top() in a flood of keys that come once, from every CPU: what it shows against what this file reckons itself, and every
// promise of its documentation.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cases.h"
#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kCounters = 128;
constexpr std::uint64_t kHeavy = 20;  // Keys below it come often.

// Of each thread. The guest is emulated.
std::uint64_t calls() { return std::getenv("SONDE_GUEST") != nullptr ? 20'000 : 100'000; }

// The key of a thread's call number n: some come often, most once in all.
std::uint64_t key_of(std::uint64_t n) {
  if (n % 4 == 0) return 1;
  if (n % 10 == 1) return 2;
  if (n % 50 == 3) return 3;
  return kHeavy + n;
}
constexpr const char* kKey =
    "$n = @n[tid]; @n[tid]++; $key = $n % 4 == 0 ? 1 : $n % 10 == 1 ? 2 : $n % 50 == 3 ? 3 : 20 + "
    "$n; "
    "$text = str_concat(\"key \", $n % 4 == 0 ? \"one\" : $n % 10 == 1 ? \"two\" : \"other\"); "
    "if ($key >= 20) { $key += (int64)tid << 32; } ";

struct Total {
  std::uint64_t value = 0;
  std::uint64_t at_most = 0;
};
struct Shown {
  std::uint64_t total = 0;
  std::map<std::string, Total> keys;  // Added up over all printings.
  std::vector<std::string> order;     // Of the last printing.
  std::uint64_t prints = 0;
};

Shown shown(const std::string& out, const std::string& name) {
  Shown found;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    const Json object = Json::parse(line);
    if (object.at("type") != "top" || !object.at("data").contains(name)) continue;
    const Json& top = object.at("data").at(name);
    found.total += top.at("total").get<std::uint64_t>();
    found.order.clear();
    for (const Json& key : top.at("keys")) {
      Total& total = found.keys[key.at("key").dump()];
      total.value += key.at("value").get<std::uint64_t>();
      total.at_most += key.at("at_most").get<std::uint64_t>();
      found.order.push_back(key.at("key").dump());
    }
    ++found.prints;
  }
  return found;
}

class Top : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
    for (std::uint64_t n = 0; n < calls(); ++n) truth[key_of(n)] += usable_cpus();
  }

  Outcome flood(const std::string& probe, const std::string& statements,
                const std::string& others = {}) {
    const std::string script = "config = { max_map_keys = 100 } " + probe + " /pid == cpid/ { " +
                               kKey + statements + " } " + others + " end { clear(@n); }";
    Invocation invocation =
        json_invocation(script, "getppid_everywhere " + std::to_string(calls()));
    invocation.timeout_seconds = 60;
    const Outcome outcome = run(invocation);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(outcome.out.find("lost_events"), std::string::npos);
    return outcome;
  }

  [[nodiscard]] std::uint64_t all() const { return calls() * usable_cpus(); }

  std::map<std::uint64_t, std::uint64_t>
      truth;  // How often each key came, those that come once aside.
};

constexpr const char* kTracepoint = "tracepoint:syscalls:sys_enter_getppid";

TEST_F(Top, ShowsTheHeavyKeysWithinTheirBounds) {
  const Outcome outcome =
      flood(kTracepoint, "@once = top($key, 10); @heavy = top($key, 3, $key < 20 ? 1000 : 1);");
  const Shown once = shown(outcome.out, "@once");
  EXPECT_EQ(once.total, all());
  ASSERT_EQ(once.order.size(), 10U);
  for (const auto& [key, total] : once.keys) {
    const std::uint64_t number = std::stoull(key);
    const std::uint64_t exact = number < kHeavy ? truth.at(number) : 1;
    EXPECT_LE(total.value, exact) << key;
    EXPECT_GE(total.at_most, exact) << key;
    EXPECT_LE(exact - total.value, all() / kCounters) << key;
  }
  // They have 25, 10 and 2 per cent.
  EXPECT_EQ(once.order[0], "1");
  EXPECT_EQ(once.order[1], "2");
  EXPECT_EQ(once.order[2], "3");
  const Shown heavy = shown(outcome.out, "@heavy");
  const std::uint64_t often = truth[1] + truth[2] + truth[3];
  EXPECT_EQ(heavy.total, often * 1000 + (all() - often));
  EXPECT_EQ(heavy.order, (std::vector<std::string>{"1", "2", "3"}));
  for (const auto& [key, total] : heavy.keys) {
    EXPECT_LE(total.value, truth[std::stoull(key)] * 1000);
    EXPECT_GE(total.at_most, truth[std::stoull(key)] * 1000);
  }
}

// Each event is in one interval: what the printings come to is all there was.
TEST_F(Top, IntervalsAddUp) {
  const Outcome outcome =
      flood(kTracepoint, "@top = top($key, 10); @by[cpu] = top($text, 5);",
            "interval:ms:20 { print(@top); clear(@top); print(@by); zero(@by); }");
  const Shown top = shown(outcome.out, "@top");
  EXPECT_EQ(top.total, all());
  EXPECT_GT(top.prints, 1U);
  for (const char* key : {"1", "2"}) {
    EXPECT_LE(top.keys.at(key).value, truth[std::stoull(key)]) << key;
    EXPECT_GE(top.keys.at(key).at_most, truth[std::stoull(key)]) << key;
  }
  // Three texts: exact, whatever the interval.
  std::map<std::string, std::uint64_t> texts;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) {
    const Json data = Json::parse(line).at("data");
    if (!data.contains("@by")) continue;
    for (const auto& [cpu, value] : data.at("@by").items()) {
      for (const Json& key : value.at("keys")) {
        EXPECT_EQ(key.at("value"), key.at("at_most"));
        texts[key.at("key")] += key.at("value").get<std::uint64_t>();
      }
    }
  }
  EXPECT_EQ(texts["key one"], truth[1]);
  EXPECT_EQ(texts["key two"], truth[2]);
  EXPECT_EQ(texts["key other"], all() - truth[1] - truth[2]);
}

// Where programs interrupt each other, what came while another was busy is in the total and in the bounds. Printed while it goes on.
TEST_F(Top, InterruptedAndReadMeanwhile) {
  const Outcome outcome = flood(
      kTracepoint, "@top = top($key, 10);",
      "interval:ms:5 { print(@top); } "
      "rawtracepoint:sched_switch, profile:hz:997 { @top = top(4, 10); @samples = count(); }");
  std::istringstream lines(outcome.out);
  std::uint64_t samples = 0;
  Json last;
  for (std::string line; std::getline(lines, line);) {
    const Json object = Json::parse(line);
    if (object.at("type") == "top") last = object.at("data").at("@top");
    if (object.at("data").contains("@samples")) samples = object.at("data").at("@samples");
    if (object.at("type") != "top") continue;
    for (const Json& key : last.at("keys")) EXPECT_LE(key.at("value"), key.at("at_most"));
  }
  EXPECT_EQ(last.at("total").get<std::uint64_t>(), all() + samples);
  EXPECT_EQ(last.at("keys")[0].at("key").dump(), "1");
  EXPECT_LE(last.at("keys")[0].at("value").get<std::uint64_t>(), truth[1]);
  EXPECT_GE(last.at("keys")[0].at("at_most").get<std::uint64_t>(), truth[1]);
}

}  // namespace
}  // namespace sonde::test
