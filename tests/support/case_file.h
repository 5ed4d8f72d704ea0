// The file of one case: a script, its arguments, and what the stage must make of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sonde::test {

struct CaseFile {
  std::string script;  // The text without the CHECK lines; line numbers are those of the file.
  std::vector<std::string> arguments;  // Of all `// ARGS:` lines.
  bool has_checks = false;
  std::string expected;  // The CHECK lines as the output that they stand for.
};

[[nodiscard]] CaseFile parse_case(std::string_view text);

// `script` with CHECK lines for `output` behind it.
[[nodiscard]] std::string with_checks(std::string_view script, std::string_view output);

// Lines of both texts with ' ', '-' (expected only) or '+' (actual only) in front.
[[nodiscard]] std::string difference(std::string_view expected, std::string_view actual);

}  // namespace sonde::test
