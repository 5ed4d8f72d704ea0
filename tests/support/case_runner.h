// Cases as files: every tests/<stage>/<topic>/<case>.bt becomes the GoogleTest `<Stage>.<topic>_<case>`.
//
//   const int registered = sonde::test::register_cases("parser", [](const sonde::test::Case& c) { return ...; });
//
// The callback's result must equal the CHECK lines at the end of the file; tests/README.md describes the files.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace sonde::test {

struct Case {
  std::string file_name;  // "<case>.bt": what diagnostics call the script.
  std::string path;       // From the top source folder.
  std::string script;
  std::vector<std::string> arguments;
};

// Paths of all cases of `stage`, tests/<stage>/<topic>/<case>.bt, sorted. The working directory is the top source folder.
[[nodiscard]] std::vector<std::string> find_cases(const std::string& stage);

// Reads one case; the process ends with a message if it cannot be read.
[[nodiscard]] Case load_case(const std::string& path);

// Registers every case of tests/<stage>/ and returns their number. Call it from the initialiser of a namespace-scope
// variable. A stage without cases gets one test that fails.
int register_cases(const std::string& stage, std::function<std::string(const Case&)> run);
int register_cases(
    const std::string& stage,
    std::function<std::string(const std::string& file_name, const std::string& script)> run);

}  // namespace sonde::test
