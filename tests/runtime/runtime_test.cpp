// Runs, live against this kernel: every tests/runtime/<topic>/<case>.bt with the directives in its comments, every
// examples/<name>.bt with those of tests/examples/<name>.test, and each example up to the attached probes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <regex>
#include <sstream>

#include "cases.h"
#include "directives.h"
#include "network.h"
#include "process.h"
#include "requirements.h"

namespace sonde::test {

void register_library_examples();  // library_test.cpp

namespace {

namespace fs = std::filesystem;

bool has_line(const std::string& text, const std::string& wanted) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line == wanted) return true;
  }
  return false;
}

void check(const Expectation& expectation, const Outcome& outcome) {
  using Kind = Expectation::Kind;
  const auto search = [&] {
    return std::regex_search(
        outcome.out, std::regex(expectation.text, std::regex::ECMAScript | std::regex::multiline));
  };
  switch (expectation.kind) {
    case Kind::Line:
      EXPECT_TRUE(has_line(outcome.out, expectation.text)) << "no line: " << expectation.text;
      break;
    case Kind::NotLine:
      EXPECT_FALSE(has_line(outcome.out, expectation.text)) << "line: " << expectation.text;
      break;
    case Kind::Regex: EXPECT_TRUE(search()) << "nothing matches: " << expectation.text; break;
    case Kind::NotRegex: EXPECT_FALSE(search()) << "something matches: " << expectation.text; break;
    case Kind::ErrorText:
      EXPECT_NE(outcome.err.find(expectation.text), std::string::npos)
          << "not on stderr: " << expectation.text;
      break;
  }
}

class RuntimeCase : public testing::Test {
 public:
  RuntimeCase(fs::path script, fs::path directives)
      : path_(std::move(script)), directives_(std::move(directives)) {}

  void TestBody() override {
    const Directives directives = directives_of(path_, directives_);
    for (const std::string& problem : directives.problems) ADD_FAILURE() << problem;
    ASSERT_FALSE(directives.expectations.empty()) << "the case expects nothing";
    for (const std::string& requirement : directives.requirements) {
      const auto reason = lacking(requirement);
      if (!reason) continue;
      ASSERT_FALSE(must_have(requirement)) << *reason;
      GTEST_SKIP() << *reason;
    }
    const Invocation invocation = invocation_of(path_, directives);
    std::optional<NetworkNamespace> network;
    set_up(network, directives);
    if (HasFatalFailure()) return;
    const Outcome outcome = run(invocation);
    EXPECT_FALSE(outcome.timed_out) << "did not end within " << invocation.timeout_seconds << " s";
    EXPECT_FALSE(outcome.never_ready) << "never ready";
    EXPECT_EQ(outcome.after_status, 0) << "the AFTER command failed";
    EXPECT_EQ(outcome.status, directives.status);
    for (const Expectation& expectation : directives.expectations) check(expectation, outcome);
    if (HasFailure()) {
      std::printf("--- stdout ---\n%s--- stderr ---\n%s--------------\n", outcome.out.c_str(),
                  outcome.err.c_str());
    }
  }

 private:
  fs::path path_;
  fs::path directives_;
};

// An example must compile, load and attach on this kernel; nothing is traced or printed.
class ExampleLoads : public testing::Test {
 public:
  ExampleLoads(fs::path path, fs::path directives)
      : path_(std::move(path)), directives_(std::move(directives)) {}

  void TestBody() override {
    if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
    Invocation invocation;
    invocation.words = {SONDE_PROGRAM, "-q", "--dry-run", path_.string()};
    const Directives directives = directives_of(path_, directives_);
    for (std::string& word : split_words(directives.parameters))
      invocation.words.push_back(std::move(word));
    std::optional<NetworkNamespace> network;
    set_up(network, directives);
    invocation.timeout_seconds = 20 * timeout_factor();
    const Outcome outcome = run(invocation);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
  }

 private:
  fs::path path_;
  fs::path directives_;
};

template <class Test, class... Paths>
void add_test(const std::string& suite, const fs::path& folder, const fs::path& script,
              Paths... paths) {
  std::string name = fs::relative(script, folder).replace_extension().string();
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, script.c_str(), 1,
                        [=]() -> testing::Test* { return new Test(paths...); });
}

void register_all() {
  const fs::path source = SONDE_SOURCE;
  for (const fs::path& script : scripts_in(source / "tests/runtime")) {
    add_test<RuntimeCase>("Runtime", source / "tests/runtime", script, script, script);
  }
  for (const fs::path& script : scripts_in(source / "examples")) {
    const fs::path directives =
        source / "tests/examples" / script.filename().replace_extension(".test");
    add_test<RuntimeCase>("Example", source / "examples", script, script, directives);
    add_test<ExampleLoads>("ExampleLoads", source / "examples", script, script, directives);
  }
}

// A line for each case, for scripts/test-summary: in the guest one program runs them all.
class Markers : public testing::EmptyTestEventListener {
  void OnTestEnd(const testing::TestInfo& info) override {
    const testing::TestResult& result = *info.result();
    const char* state = result.Skipped() ? "skipped" : result.Passed() ? "passed" : "failed";
    std::string reason;
    for (int i = 0; i < result.total_part_count() && reason.empty(); ++i) {
      const testing::TestPartResult& part = result.GetTestPartResult(i);
      if (part.failed() || part.skipped()) reason = part.message();
    }
    std::replace(reason.begin(), reason.end(), '\n', ' ');
    std::printf("@@ %s %s.%s%s%s\n", state, info.test_suite_name(), info.name(),
                reason.empty() ? "" : ": ", reason.c_str());
    std::fflush(stdout);
  }
};

}  // namespace
}  // namespace sonde::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  sonde::test::register_all();
  sonde::test::register_library_examples();
  if (std::getenv("SONDE_TEST_MARKERS") != nullptr) {
    testing::UnitTest::GetInstance()->listeners().Append(new sonde::test::Markers);
  }
  return RUN_ALL_TESTS();
}
