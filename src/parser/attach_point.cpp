#include "parser/attach_point.h"

#include "builtins/tables.h"

namespace sonde::parser {
namespace {

// The end of the piece that starts at `begin`: the next colon outside of quotes, or the end of `text`.
std::size_t piece_end(std::string_view text, std::size_t begin) {
  bool in_quotes = false;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (in_quotes && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_quotes = !in_quotes;
    } else if (text[i] == ':' && !in_quotes) {
      return i;
    }
  }
  return text.size();
}

std::string without_quotes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      in_quotes = !in_quotes;
      continue;
    }
    if (in_quotes && text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

}  // namespace

ast::AttachPoint split_attach_point(std::string_view text, const diag::Location& where) {
  ast::AttachPoint result;
  result.location = where;
  result.text = text;
  std::size_t begin = 0;
  for (bool first = true;; first = false) {
    const std::size_t end = piece_end(text, begin);
    std::string piece = without_quotes(text.substr(begin, end - begin));
    const diag::Location location{where.source, where.begin + static_cast<std::uint32_t>(begin),
                                  where.begin + static_cast<std::uint32_t>(end)};
    if (first) {
      result.provider = std::move(piece);
      result.provider_location = location;
    } else {
      result.pieces.push_back({std::move(piece), location});
    }
    if (end >= text.size()) break;
    begin = end + 1;
  }
  result.kind = builtins::find_probe_kind(result.provider);
  return result;
}

}  // namespace sonde::parser
