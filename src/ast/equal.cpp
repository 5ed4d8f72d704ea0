#include "ast/equal.h"

#include <algorithm>
#include <vector>

#include "ast/printer.h"
#include "base/text.h"

namespace sonde::ast {

// The dump has all that a parser can put into a tree, one node a line, so that two trees are equal if their dumps are.
bool equal(const Program& a, const Program& b) { return print(a) == print(b); }

std::string first_difference(const Program& a, const Program& b) {
  const std::string left = print(a);
  const std::string right = print(b);
  if (left == right) return {};
  const std::vector<std::string_view> left_lines = split(left, '\n');
  const std::vector<std::string_view> right_lines = split(right, '\n');
  const auto [one, other] =
      std::mismatch(left_lines.begin(), left_lines.end(), right_lines.begin(), right_lines.end());
  const auto line = [](auto at, auto end) {
    return at == end ? std::string("the end") : std::string(trim(*at));
  };
  return line(one, left_lines.end()) + " / " + line(other, right_lines.end());
}

}  // namespace sonde::ast
