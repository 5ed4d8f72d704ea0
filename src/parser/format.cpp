#include "parser/format.h"

#include <fmt/format.h>

#include <vector>

#include "ast/equal.h"
#include "ast/format.h"
#include "parser/parser.h"

namespace sonde::parser {
namespace {

using Tokens = std::vector<diag::Location>;

// All that is not white space, in order.
std::string without_space(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view(" \t\r\n\f\v").find(c) == std::string_view::npos) out += c;
  }
  return out;
}

std::string compare_tokens(const diag::Sources& sources, const Tokens& before,
                           const Tokens& after) {
  for (std::size_t i = 0; i < before.size() && i < after.size(); ++i) {
    const std::string_view one = sources.text(before[i]);
    const std::string_view other = sources.text(after[i]);
    // The lines of C may have lost spaces at their ends.
    if (one != other && (one.find('\n') == one.npos || without_space(one) != without_space(other)))
      return fmt::format("'{}' became '{}'", one, other);
  }
  if (before.size() == after.size()) return {};
  return fmt::format("{} tokens became {}", before.size(), after.size());
}

}  // namespace

Formatted format(diag::Sources& sources, std::uint32_t id, diag::Emitter& emitter) {
  Tokens tokens;
  const ast::Program program = parse(sources, id, emitter, tokens);
  if (emitter.has_errors()) return {};
  Formatted result;
  result.text = ast::format(program, sources.get(id).text, tokens);

  const std::uint32_t again = sources.add(sources.get(id).name, result.text);
  diag::Emitter new_errors;
  Tokens new_tokens;
  const ast::Program new_program = parse(sources, again, new_errors, new_tokens);
  if (new_errors.has_errors()) {
    result.problem = diag::render(new_errors.all().front(), sources);
  } else if (!ast::equal(program, new_program)) {
    result.problem = ast::first_difference(program, new_program);
  } else {
    result.problem = compare_tokens(sources, tokens, new_tokens);
  }
  if (result.problem.empty() && without_space(sources.get(id).text) != without_space(result.text))
    result.problem = "a comment has changed";
  return result;
}

}  // namespace sonde::parser
