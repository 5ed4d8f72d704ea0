// Every runtime case once more, with JSON output in all detail: each line that it writes is one that docs/json.schema.json
// allows. One test for each folder of cases.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "cases.h"
#include "requirements.h"

namespace sonde::test {
namespace {

namespace fs = std::filesystem;

const fs::path kCases = fs::path(SONDE_SOURCE) / "tests/runtime";

class JsonLines : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    char name[] = "/tmp/sonde-json-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Runs the case if its requirements are met and it does not say itself where results go.
  void run_case(const fs::path& script) {
    const Directives directives = directives_of(script, script);
    const std::vector<std::string> words = split_words(directives.run);
    const auto has = [&](const char* word) { return std::ranges::count(words, word) > 0; };
    const bool is_met = std::ranges::none_of(
        directives.requirements, [](const std::string& name) { return lacking(name).has_value(); });
    const auto format = std::ranges::find(words, "-f");
    const bool is_other = format != words.end() && *(format + 1) != "json";
    if (!is_met || has("-o") || is_other) return;
    const fs::path results = folder_ / (std::to_string(files_.size()) + ".json");
    std::vector<std::string> options = {"-o", results.string()};
    if (!has("-f")) options.insert(options.end(), {"-f", "json"});
    Invocation invocation = invocation_of(script, directives, options);
    invocation.environment.emplace_back("SONDE_JSON_DETAIL=full");
    std::optional<NetworkNamespace> network;
    set_up(network, directives);
    if (HasFatalFailure()) return;
    const Outcome outcome = run(invocation);
    ran_ = true;
    EXPECT_EQ(outcome.status, directives.status) << script << outcome.err;
    const bool is_listing = std::ranges::any_of(
        words, [](const std::string& word) { return word == "-l" || word == "-lv"; });
    if (is_listing && directives.status == 0) std::ofstream(results) << outcome.out;
    if (fs::exists(results)) files_.push_back(results.string());
  }

  fs::path folder_;
  bool ran_ = false;
  std::vector<std::string> files_;
};

TEST_P(JsonLines, OfEveryCase) {
  for (const char* requirement : {"root", "python3"}) {
    if (const auto reason = lacking(requirement)) GTEST_SKIP() << *reason;
  }
  for (const fs::path& script : scripts_in(kCases)) {
    if (script.parent_path() == kCases / GetParam()) run_case(script);
  }
  if (!ran_) GTEST_SKIP() << "no case of this topic runs here";
  ASSERT_FALSE(files_.empty());
  std::string command =
      SONDE_SOURCE "/tests/support/validate-json " SONDE_SOURCE "/docs/json.schema.json";
  for (const std::string& file : files_) command += " " + file;
  EXPECT_EQ(std::system(command.c_str()), 0);
}

std::vector<std::string> topics() {
  std::set<std::string> names;
  for (const fs::path& script : scripts_in(kCases))
    names.insert(script.parent_path().filename().string());
  // There each case takes long: those that run nowhere else.
  if (std::getenv("SONDE_GUEST") != nullptr) return {"guest"};
  return {names.begin(), names.end()};
}

INSTANTIATE_TEST_SUITE_P(Runtime, JsonLines, testing::ValuesIn(topics()),
                         [](const auto& info) { return info.param; });

// What the document shows, listings included.
TEST(JsonDocument, FollowsTheSchema) {
  if (const auto reason = lacking("python3")) GTEST_SKIP() << *reason;
  std::ifstream document(SONDE_SOURCE "/docs/json.md");
  char name[] = "/tmp/sonde-json-XXXXXX";
  const int fd = ::mkstemp(name);
  ASSERT_GE(fd, 0);
  ::close(fd);
  std::ofstream examples(name);
  int count = 0;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("{\"type\"")) examples << line << '\n', ++count;
  }
  examples.close();
  EXPECT_GT(count, 20);
  const std::string command =
      SONDE_SOURCE "/tests/support/validate-json " SONDE_SOURCE "/docs/json.schema.json ";
  EXPECT_EQ(std::system((command + name).c_str()), 0);
  // And the schema refuses what is none.
  for (const char* line :
       {R"({"type": "printf"})", R"({"type": "lost_events", "data": {"events": 1.5}})",
        R"({"type": "lost_events", "data": {"events": 18446744073709551616}})",
        R"({"type": "map", "data": {"a": 1}})", R"({"type": "map", "data": {"@a": 1, "@b": 2}})",
        R"({"type": "printf", "data": "x", "args": []})", R"({"type": "other", "data": 1})",
        R"({"type": "lost_events", "data": {}})", "[1]", "{",
        R"({"type": "value", "data": null})"}) {
    std::ofstream(name) << line << '\n';
    EXPECT_NE(std::system((command + name + " >/dev/null 2>&1").c_str()), 0) << line;
  }
  ::unlink(name);
}

}  // namespace
}  // namespace sonde::test
