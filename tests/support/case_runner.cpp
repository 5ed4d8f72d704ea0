#include "support/case_runner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "support/case_file.h"

namespace sonde::test {
namespace {

namespace fs = std::filesystem;

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  SONDE_CHECK(in.good());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool updating() {
  const char* value = std::getenv("SONDE_UPDATE");
  return value != nullptr && std::string_view(value) == "1";
}

Case make_case(const std::string& path, const CaseFile& file) {
  return {fs::path(path).filename().string(), path, file.script, file.arguments};
}

class CaseTest : public testing::Test {
 public:
  CaseTest(std::string path, std::function<std::string(const Case&)> run)
      : path_(std::move(path)), run_(std::move(run)) {}

  void TestBody() override {
    const CaseFile file = parse_case(read_text(path_));
    std::string output = run_(make_case(path_, file));
    if (!output.empty() && !output.ends_with('\n')) output += '\n';
    const std::string text = with_checks(file.script, output);
    const std::string actual = parse_case(text).expected;
    if (file.has_checks && file.expected == actual) return;
    if (updating()) {
      std::ofstream(path_, std::ios::binary) << text;
      return;
    }
    if (!file.has_checks) {
      FAIL() << path_ << " has no CHECK lines; SONDE_UPDATE=1 writes them. The output is\n"
             << output;
    }
    FAIL() << path_ << ": the output differs from the CHECK lines ('-' expected, '+' actual)\n"
           << difference(file.expected, actual);
  }

 private:
  std::string path_;
  std::function<std::string(const Case&)> run_;
};

class NoCasesTest : public testing::Test {
 public:
  explicit NoCasesTest(std::string folder) : folder_(std::move(folder)) {}
  void TestBody() override { FAIL() << "no case in " << folder_; }

 private:
  std::string folder_;
};

std::string folder_of(const std::string& stage) { return "tests/" + stage; }

// "tests/parser/probes/wildcard.bt" -> "probes_wildcard".
std::string test_name(const std::string& path, const std::string& stage) {
  std::string name = fs::relative(path, folder_of(stage)).replace_extension().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

std::string suite_name(std::string stage) {
  stage.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(stage.front())));
  return stage;
}

}  // namespace

std::vector<std::string> find_cases(const std::string& stage) {
  std::vector<std::string> paths;
  std::error_code ignored;  // No folder, no cases.
  // Folders below a topic hold what its cases use.
  auto entry = fs::recursive_directory_iterator(folder_of(stage), ignored);
  for (; entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry.depth() == 1 && entry->path().extension() == ".bt")
      paths.push_back(entry->path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Case load_case(const std::string& path) { return make_case(path, parse_case(read_text(path))); }

int register_cases(const std::string& stage, std::function<std::string(const Case&)> run) {
  const std::vector<std::string> paths = find_cases(stage);
  const std::string suite = suite_name(stage);
  for (const std::string& path : paths) {
    testing::RegisterTest(suite.c_str(), test_name(path, stage).c_str(), nullptr, nullptr,
                          path.c_str(), 1,
                          [path, run]() -> testing::Test* { return new CaseTest(path, run); });
  }
  if (paths.empty()) {
    testing::RegisterTest(
        suite.c_str(), "has_cases", nullptr, nullptr, __FILE__, __LINE__,
        [stage]() -> testing::Test* { return new NoCasesTest(folder_of(stage)); });
  }
  return static_cast<int>(paths.size());
}

int register_cases(
    const std::string& stage,
    std::function<std::string(const std::string& file_name, const std::string& script)> run) {
  return register_cases(
      stage, [run = std::move(run)](const Case& c) { return run(c.file_name, c.script); });
}

}  // namespace sonde::test
