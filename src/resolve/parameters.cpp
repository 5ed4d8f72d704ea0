#include "resolve/parameters.h"

#include <algorithm>

#include "ast/walk.h"
#include "base/text.h"

namespace sonde::resolve {

void fill_parameters(ast::Probe& probe, const std::vector<std::string>& parameters) {
  ast::walk(probe, [&](ast::Node& node) {
    auto* parameter = ast::as<ast::PositionalParameter>(&node);
    if (parameter == nullptr) return;
    if (parameter->index == 0) {
      parameter->text = std::to_string(parameters.size());
    } else if (parameter->index <= parameters.size()) {
      parameter->text = parameters[parameter->index - 1];
    }
  });
}

namespace {

// Calls `plain` for each letter outside of the $N in `text`, and `parameter` with the number of each of these.
template <class Plain, class Parameter>
void scan(std::string_view text, const Plain& plain, const Parameter& parameter) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t end = i + 1;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    if (text[i] != '$' || end == i + 1) {
      plain(text[i]);
      continue;
    }
    parameter(parse_u64(text.substr(i + 1, end - i - 1)).value_or(0));
    i = end - 1;
  }
}

}  // namespace

std::string substitute(const std::string& text, const std::vector<std::string>& parameters) {
  std::string out;
  scan(
      text, [&](char c) { out += c; },
      [&](std::uint64_t index) {
        if (index >= 1 && index <= parameters.size()) out += parameters[index - 1];
      });
  return out;
}

std::uint32_t highest_parameter(std::string_view text) {
  constexpr std::uint64_t kHighest = 0xffff;  // As the parser has it.
  std::uint64_t highest = 0;
  scan(text, [](char) {}, [&](std::uint64_t index) { highest = std::max(highest, index); });
  return static_cast<std::uint32_t>(std::min(highest, kHighest));
}

}  // namespace sonde::resolve
