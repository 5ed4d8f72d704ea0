#include "support/case_file.h"

#include <algorithm>

#include "base/text.h"

namespace sonde::test {
namespace {

constexpr std::string_view kCheck = "// CHECK:";
constexpr std::string_view kArguments = "// ARGS:";

// Lines without their newlines; a newline at the end begins no further line.
std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text.empty() ? std::vector<std::string_view>() : split(text, '\n');
}

}  // namespace

CaseFile parse_case(std::string_view text) {
  CaseFile result;
  for (const std::string_view line : lines_of(text)) {
    if (line.starts_with(kCheck)) {
      result.has_checks = true;
      std::string_view output = line.substr(kCheck.size());
      if (output.starts_with(' ')) output.remove_prefix(1);
      result.expected += std::string(output) + "\n";
      continue;
    }
    if (line.starts_with(kArguments)) {
      for (const std::string_view word : split(line.substr(kArguments.size()), ' ')) {
        if (!word.empty()) result.arguments.emplace_back(word);
      }
    }
    result.script += std::string(line) + "\n";
  }
  return result;
}

std::string with_checks(std::string_view script, std::string_view output) {
  std::string text(script);
  for (const std::string_view line : lines_of(output)) {
    text += kCheck;
    if (!line.empty()) text += " " + std::string(line);
    text += '\n';
  }
  if (output.empty()) text += std::string(kCheck) + "\n";
  return text;
}

std::string difference(std::string_view expected, std::string_view actual) {
  const auto old_lines = lines_of(expected);
  const auto new_lines = lines_of(actual);
  // length[i][k]: the longest common subsequence of the lines from i and from k on.
  std::vector<std::vector<std::size_t>> length(old_lines.size() + 1,
                                               std::vector<std::size_t>(new_lines.size() + 1));
  for (std::size_t i = old_lines.size(); i-- > 0;) {
    for (std::size_t k = new_lines.size(); k-- > 0;) {
      length[i][k] = old_lines[i] == new_lines[k] ? length[i + 1][k + 1] + 1
                                                  : std::max(length[i + 1][k], length[i][k + 1]);
    }
  }
  std::string out;
  const auto add = [&out](char mark, std::string_view line) {
    out += mark + (" " + std::string(line)) + "\n";
  };
  std::size_t i = 0;
  std::size_t k = 0;
  while (i < old_lines.size() || k < new_lines.size()) {
    if (i < old_lines.size() && k < new_lines.size() && old_lines[i] == new_lines[k]) {
      add(' ', old_lines[i++]);
      ++k;
    } else if (k == new_lines.size() ||
               (i < old_lines.size() && length[i + 1][k] >= length[i][k + 1])) {
      add('-', old_lines[i++]);
    } else {
      add('+', new_lines[k++]);
    }
  }
  return out;
}

}  // namespace sonde::test
