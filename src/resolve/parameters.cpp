#include "resolve/parameters.h"

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

std::string substitute(const std::string& text, const std::vector<std::string>& parameters) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t end = i + 1;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    if (text[i] != '$' || end == i + 1) {
      out += text[i];
      continue;
    }
    const auto index = parse_u64(std::string_view(text).substr(i + 1, end - i - 1));
    if (index && *index >= 1 && *index <= parameters.size()) out += parameters[*index - 1];
    i = end - 1;
  }
  return out;
}

}  // namespace sonde::resolve
