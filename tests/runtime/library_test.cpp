// Runs the examples of the builtins (src/builtins/examples.def), with text and with JSON output, live against this kernel.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <sstream>

#include "builtins/examples.h"
#include "builtins/tables.h"
#include "network.h"
#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

namespace fs = std::filesystem;

// Whether `line` is `pattern`, in which "..." stands for any text.
bool matches(std::string_view line, std::string_view pattern) {
  const std::size_t gap = pattern.find("...");
  if (gap == std::string_view::npos) return line == pattern;
  if (!line.starts_with(pattern.substr(0, gap))) return false;
  const std::string_view rest = pattern.substr(gap + 3);
  for (std::size_t i = gap; i <= line.size(); ++i) {
    if (matches(line.substr(i), rest)) return true;
  }
  return false;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

void compare(const std::string& printed, std::string_view wanted) {
  const std::vector<std::string> lines = lines_of(printed);
  const std::vector<std::string> patterns = lines_of(wanted);
  const bool same = std::equal(lines.begin(), lines.end(), patterns.begin(), patterns.end(),
                               [](const auto& a, const auto& b) { return matches(a, b); });
  EXPECT_TRUE(same) << "--- printed ---\n" << printed << "--- expected ---\n" << wanted;
}

// The folder of the workload is where the examples run: they call it ./workload.
class InFolder {
 public:
  explicit InFolder(const fs::path& folder) : before_(fs::current_path()) {
    fs::current_path(folder);
  }
  ~InFolder() { fs::current_path(before_); }
  InFolder(const InFolder&) = delete;
  InFolder& operator=(const InFolder&) = delete;

 private:
  fs::path before_;
};

class LibraryExample : public testing::Test {
 public:
  LibraryExample(const builtins::Example& example, bool json) : example_(example), json_(json) {}

  void TestBody() override {
    const std::string requirement{example_.requirement};
    std::vector<std::string> needs = {"root"};
    if (!requirement.empty() && requirement != "network") needs.push_back(requirement);
    for (const std::string& need : needs) {
      const auto reason = lacking(need);
      if (!reason) continue;
      ASSERT_FALSE(must_have(need)) << *reason;
      GTEST_SKIP() << *reason;
    }
    std::optional<NetworkNamespace> network;
    if (requirement == "network") {
      ASSERT_EQ(network.emplace().problem(), "");
      ASSERT_EQ(std::system("ip link set lo up"), 0);
    }
    const InFolder folder(fs::path(SONDE_WORKLOAD).parent_path());
    Invocation invocation;
    invocation.words = {SONDE_PROGRAM, "-q"};
    if (json_) invocation.words.insert(invocation.words.end(), {"-f", "json"});
    for (std::string& word : split_words(std::string(example_.options)))
      invocation.words.push_back(std::move(word));
    invocation.words.insert(invocation.words.end(), {"-e", std::string(example_.script)});
    const Outcome outcome = run(invocation);
    EXPECT_FALSE(outcome.timed_out);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    compare(json_ ? outcome.out : outcome.out + outcome.err, json_ ? example_.json : example_.text);
  }

 private:
  const builtins::Example& example_;
  bool json_;
};

TEST(Library, EveryBuiltinHasAnExample) {
  const auto shown = [](std::string_view name) {
    return std::ranges::any_of(builtins::examples(),
                               [&](const builtins::Example& e) { return e.shows(name); });
  };
  for (const builtins::Function& f : builtins::functions()) EXPECT_TRUE(shown(f.name)) << f.name;
  for (const builtins::Variable& v : builtins::variables()) EXPECT_TRUE(shown(v.name)) << v.name;
}

}  // namespace

// Called before the tests run.
void register_library_examples() {
  std::map<std::string, int> count;
  // The guest is slow, and is there for what this machine's kernel may lack.
  const bool is_guest = std::getenv("SONDE_GUEST") != nullptr;
  for (const builtins::Example& example : builtins::examples()) {
    if (is_guest && example.requirement.empty()) continue;
    std::string name(example.names.substr(0, example.names.find(',')));
    if (const int n = ++count[name]; n > 1) name += "_" + std::to_string(n);
    for (const bool json : {false, true}) {
      testing::RegisterTest("Library", (name + (json ? "_json" : "_text")).c_str(), nullptr,
                            nullptr, __FILE__, __LINE__, [&example, json]() -> testing::Test* {
                              return new LibraryExample(example, json);
                            });
    }
  }
}

}  // namespace sonde::test
