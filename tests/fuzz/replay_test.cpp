// Without a fuzzer: every script of the repository, every input that once broke a stage, and mutations of them from a
// fixed seed go through each target.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "base/file.h"
#include "fuzz/targets.h"

namespace sonde {
namespace {

namespace fs = std::filesystem;

struct Target {
  const char* name;
  void (*run)(std::string_view);
};

constexpr int kMutations =
    10000;  // A number, not a time: a fast machine must not try what no other has.
constexpr std::chrono::seconds kLongestInput(5);
constexpr std::size_t kMaxLength = 4096;

std::vector<std::string> files_below(const std::string& folder, const std::string& extension) {
  std::vector<std::string> texts;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && (extension.empty() || entry.path().extension() == extension))
      texts.push_back(read_file(entry.path().string()).value());
  }
  std::sort(texts.begin(), texts.end());  // The order of a folder is another on each machine.
  return texts;
}

const std::vector<std::string>& corpus() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> all = files_below("tests/fuzz/regressions", "");
    for (const char* folder : {"examples", "tests"}) {
      for (std::string& text : files_below(folder, ".bt")) {
        if (text.size() <= kMaxLength) all.push_back(std::move(text));
      }
    }
    return all;
  }();
  return texts;
}

// A piece of one script in the place of a piece of another; sometimes a byte changes.
std::string mutate(std::mt19937& random) {
  const auto any = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
  std::string text = corpus()[any(corpus().size())];
  for (std::size_t rounds = 1 + any(3); rounds > 0; --rounds) {
    const std::string& other = corpus()[any(corpus().size())];
    const std::string piece = other.substr(any(other.size()), any(60));
    text.replace(any(text.size() + 1), any(30), piece);
    if (any(4) == 0 && !text.empty()) text[any(text.size())] = static_cast<char>(random());
  }
  return text.substr(0, kMaxLength);
}

void run(const Target& target, const std::string& input) {
  const auto start = std::chrono::steady_clock::now();
  target.run(input);
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took, kLongestInput) << input;
}

class Replay : public testing::TestWithParam<Target> {};

TEST_P(Replay, Corpus) {
  ASSERT_GT(corpus().size(), 100U);
  for (const std::string& input : corpus()) run(GetParam(), input);
}

TEST_P(Replay, Mutations) {
  std::mt19937 random(20);
  for (int i = 0; i < kMutations; ++i) run(GetParam(), mutate(random));
}

std::string name_of(const testing::TestParamInfo<Target>& target) { return target.param.name; }

INSTANTIATE_TEST_SUITE_P(Fuzz, Replay,
                         testing::Values(Target{"lexer", fuzz::lexer},
                                         Target{"parser", fuzz::parser},
                                         Target{"resolve", fuzz::resolve},
                                         Target{"sema", fuzz::sema},
                                         Target{"format", fuzz::format}),
                         name_of);

}  // namespace
}  // namespace sonde
