#include "cases.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace sonde::test {
namespace fs = std::filesystem;
namespace {

std::string slurp(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream all;
  all << file.rdbuf();
  return all.str();
}

// A case of comments alone is about the command line.
bool has_code(const fs::path& script) {
  std::ifstream file(script);
  for (std::string line; std::getline(file, line);) {
    const std::size_t text = line.find_first_not_of(" \t");
    if (text != std::string::npos && line.compare(text, 2, "//") != 0) return true;
  }
  return false;
}

}  // namespace

int timeout_factor() {
  const char* factor = std::getenv("SONDE_TEST_TIMEOUT_FACTOR");
  return factor != nullptr ? std::atoi(factor) : 1;
}

Directives directives_of(const fs::path& script, const fs::path& file) {
  return parse_directives(slurp(file), {{"workload", SONDE_WORKLOAD},
                                        {"packets", SONDE_PACKETS},
                                        {"programs", SONDE_TEST_PROGRAMS},
                                        {"source", SONDE_SOURCE},
                                        {"dir", script.parent_path().string()}});
}

Invocation invocation_of(const fs::path& script, const Directives& directives,
                         const std::vector<std::string>& options) {
  Invocation invocation;
  invocation.environment = split_words(directives.environment);
  invocation.words = {SONDE_PROGRAM};
  invocation.words.insert(invocation.words.end(), options.begin(), options.end());
  for (std::string& word : split_words(directives.run)) invocation.words.push_back(std::move(word));
  if (has_code(script)) invocation.words.push_back(script.string());
  for (std::string& word : split_words(directives.parameters))
    invocation.words.push_back(std::move(word));
  invocation.after = directives.after;
  invocation.signal = directives.signal;
  invocation.timeout_seconds = directives.timeout * timeout_factor();
  return invocation;
}

Invocation json_invocation(const std::string& script, const std::string& workload) {
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM, "-q",   "-f", "json",
                      "-e",          script, "-c", std::string(SONDE_WORKLOAD) + " " + workload};
  return invocation;
}

std::uint64_t usable_cpus() {
  cpu_set_t all;
  return ::sched_getaffinity(0, sizeof all, &all) == 0 ? static_cast<std::uint64_t>(CPU_COUNT(&all))
                                                       : 0;
}

void set_up(std::optional<NetworkNamespace>& network, const Directives& directives) {
  if (directives.network.empty()) return;
  ASSERT_EQ(network.emplace().problem(), "");
  ASSERT_EQ(std::system(directives.network.c_str()), 0) << "the NETWORK command failed";
}

std::vector<fs::path> scripts_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (auto entry = fs::recursive_directory_iterator(folder);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry.depth() <= 1 && entry->path().extension() == ".bt") found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace sonde::test
