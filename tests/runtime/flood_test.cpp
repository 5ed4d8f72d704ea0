// A flood of events from all CPUs, in a ring that is far too small for them: no action but printf() is lost, each CPU's order is
// kept, and what is lost is counted.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

constexpr int kThreads = 2;  // Each on a CPU of its own, if there are so many.
constexpr int kEvents = 20000;
constexpr int kStep = 500;  // Events from one action to the next.
constexpr int kActions = kThreads * kEvents / kStep;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream all(text);
  for (std::string line; std::getline(all, line);) lines.push_back(line);
  return lines;
}

long count(const std::vector<std::string>& lines, const std::string& wanted) {
  return std::count(lines.begin(), lines.end(), wanted);
}

// Lines that hold `text`.
long holding(const std::vector<std::string>& lines, const std::string& text) {
  return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.find(text) != std::string::npos;
  });
}

long lost(const std::vector<std::string>& lines) {
  long sum = 0;
  std::smatch match;
  for (const std::string& line : lines) {
    if (std::regex_match(line, match, std::regex("Lost (\\d+) events"))) sum += std::stol(match[1]);
  }
  return sum;
}

class Flood : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
  }

  // The n-th call of a thread is getpriority(1000 + thread, n).
  static Outcome flood(const std::string& body, const std::string& probes = {}) {
    Invocation invocation;
    invocation.environment = {"SONDE_PERF_RB_PAGES=4"};
    invocation.words = {SONDE_PROGRAM,
                        "-q",
                        "--unsafe",
                        "-c",
                        std::string(SONDE_WORKLOAD) + " flood " + std::to_string(kEvents),
                        "-e"};
    // For a while the ring is not read.
    invocation.words.push_back(
        "tracepoint:syscalls:sys_enter_getpriority /pid == cpid && args.which >= 1000/ {"
        " @generated = count(); printf(\"e %d %d\\n\", args.which, args.who); " +
        body +
        " } tracepoint:syscalls:sys_enter_getpriority"
        " /pid == cpid && args.which == 1000 && args.who == 100/ {"
        " system(\"sleep 0.2; echo slept\"); } " +
        probes);
    invocation.timeout_seconds = 60;
    return run(invocation);
  }
};

const std::string kEvery = "if (args.who % " + std::to_string(kStep) + " == 0) ";

// What each thread's lines "e WHICH N" and "k WHICH N" say must not go back.
void expect_order(const std::vector<std::string>& lines) {
  std::map<int, long> reached;
  long errors = 0;
  for (const std::string& line : lines) {
    int which = 0;
    long number = 0;
    char kind = 0;
    if (std::sscanf(line.c_str(), "%c %d %ld", &kind, &which, &number) != 3) continue;
    // The action of an event comes behind it.
    const long place = 2 * number + (kind == 'k' ? 1 : 0);
    if (const auto before = reached.find(which); before != reached.end() && place <= before->second)
      ++errors;
    reached[which] = place;
  }
  EXPECT_EQ(errors, 0);
}

TEST_F(Flood, NoActionIsLost) {
  const Outcome outcome =
      flood(kEvery +
                "{ system(\"echo k %d %d\", args.which, args.who); time(\"time\\n\");"
                " cat(\"/proc/sys/kernel/ostype\"); print(@fixed); errorf(\"err %d\", args.who);"
                " warnf(\"warn %d\", args.who); @cleared[args.which] = 1; clear(@cleared);"
                " zero(@zeroed); }",
            "begin { @fixed = 77; @zeroed = 5; }");
  EXPECT_FALSE(outcome.timed_out);
  EXPECT_EQ(outcome.status, 0);
  const auto out = lines_of(outcome.out);
  const auto err = lines_of(outcome.err);
  EXPECT_EQ(count(out, "slept"), 1);
  long printed = 0;
  long kept = 0;
  for (const std::string& line : out) {
    printed += line.starts_with("e ") ? 1 : 0;
    kept += line.starts_with("k ") ? 1 : 0;
  }
  EXPECT_EQ(kept, kActions);
  EXPECT_EQ(count(out, "time"), kActions);
  EXPECT_EQ(count(out, "Linux"), kActions);
  EXPECT_EQ(count(out, "@fixed: 77"), kActions + 1);  // And at the end.
  EXPECT_EQ(holding(err, "ERROR: err "), kActions);
  EXPECT_EQ(holding(err, "WARNING: warn "), kActions);
  EXPECT_EQ(holding(out, "@cleared"), 0);
  EXPECT_EQ(count(out, "@zeroed: 0"), 1);
  EXPECT_EQ(count(out, "@generated: " + std::to_string(kThreads * kEvents)), 1);
  EXPECT_GT(lost(err), 0) << "the ring was large enough: the test shows nothing";
  EXPECT_EQ(printed + lost(err), kThreads * kEvents);
  expect_order(out);
}

TEST_F(Flood, ExitIsSeen) {
  const Outcome outcome = flood("if (args.which == 1001 && args.who == 5000) { exit(7); }");
  EXPECT_EQ(outcome.status, 7) << outcome.err;
  const auto out = lines_of(outcome.out);
  EXPECT_FALSE(out.empty());
  // Which of the events come through is chance; none of that one came behind exit().
  for (const std::string& line : out) {
    if (line.starts_with("e 1001 ")) {
      EXPECT_LE(std::atol(line.c_str() + 7), 5000) << line;
    }
  }
  expect_order(out);
}

}  // namespace
}  // namespace sonde::test
