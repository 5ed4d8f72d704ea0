#include "parser/syntax_error.h"

#include <string>
#include <string_view>
#include <vector>

#include "parser/slip.h"

namespace sonde::parser {
namespace {

namespace kinds = diag::kinds;
using Kind = Grammar::symbol_kind;

// Many tokens can go on or begin an expression; naming them all would help nobody.
std::vector<std::string> wanted(const Expected& expected) {
  static constexpr SymbolKind kPunctuation[] = {
      Kind::S_PREDICATE_CLOSE, Kind::S_SEMICOLON, Kind::S_COMMA,    Kind::S_COLON, Kind::S_LBRACE,
      Kind::S_RBRACE,          Kind::S_RPAREN,    Kind::S_RBRACKET, Kind::S_RANGE,
  };
  const bool statement = expected.has(Kind::S_WHILE);
  const bool value = expected.has(Kind::S_INTEGER) && expected.has(Kind::S_IDENTIFIER);
  const bool continues_value = expected.has(Kind::S_PLUS) && !value;
  std::vector<std::string> names;
  if (statement) names.emplace_back("a statement");
  if (expected.has(Kind::S_ATTACH_POINT)) names.emplace_back("a probe");
  if (value && !statement)
    names.emplace_back(expected.has(Kind::S_VARIABLE) ? "an expression" : "a value");
  for (const SymbolKind kind : kPunctuation) {
    const bool begins = statement || expected.has(Kind::S_IDENTIFIER);
    const bool noise =
        (begins && kind == Kind::S_SEMICOLON) ||
        (kind == Kind::S_LBRACE && (statement || expected.has(Kind::S_ATTACH_POINT)));
    if (expected.has(kind) && !noise) names.emplace_back(Grammar::symbol_name(kind));
  }
  if (statement || value || continues_value || expected.has(Kind::S_ATTACH_POINT)) return names;
  static constexpr SymbolKind kOthers[] = {
      Kind::S_PREDICATE_OPEN, Kind::S_LPAREN,   Kind::S_IF,  Kind::S_IDENTIFIER,
      Kind::S_TYPE_NAME,      Kind::S_VARIABLE, Kind::S_MAP, Kind::S_INTEGER,
  };
  const bool after_type = expected.has(Kind::S_TYPE_NAME) && !names.empty();
  for (const SymbolKind kind : kOthers) {
    const bool noise = after_type && kind == Kind::S_TYPE_NAME;
    if (expected.has(kind) && !noise) names.emplace_back(Grammar::symbol_name(kind));
  }
  if (names.empty() && expected.has(Kind::S_ASSIGN))
    names.emplace_back(Grammar::symbol_name(Kind::S_ASSIGN));
  return names;
}

std::string either(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

std::string found_name(const Slip& slip) {
  if (slip.found == Kind::S_YYEOF) return "the end of the script";
  constexpr std::size_t kLongest = 40;
  std::string text(slip.found_text.substr(0, kLongest));
  if (slip.found_text.size() > kLongest) text += "...";
  return text.starts_with('"') ? text : "'" + text + "'";
}

std::string message(const Slip& slip) {
  if (is_statement_on_top(slip)) return "a statement stands outside of a probe";
  std::string text = either(wanted(slip.expected));
  if (text.empty()) return "unexpected " + found_name(slip);
  if (slip.expected.has(Kind::S_SEMICOLON) && slip.expected.has(Kind::S_PLUS) &&
      !slip.expected.has(Kind::S_WHILE))
    text += " after the statement";
  return "expected " + text + ", found " + found_name(slip);
}

// --- other places ---

// The '(' or '[' that the found token leaves open.
const Lexer::Bracket* open_parenthesis(const Slip& slip) {
  const auto& open = slip.stream.lexer().brackets();
  if (slip.found == Kind::S_RBRACE) return slip.stream.lexer().unclosed();
  if (slip.found == Kind::S_ASSIGN && !open.empty() && open.back().open == '[') return &open.back();
  const std::size_t above =
      slip.found == Kind::S_LBRACE || slip.found == Kind::S_EXPRESSION_BRACE ? 1 : 0;
  if (slip.found != Kind::S_SEMICOLON && above == 0) return nullptr;
  if (open.size() <= above || open[open.size() - 1 - above].open == '{') return nullptr;
  return &open[open.size() - 1 - above];
}

bool on_later_line(const TokenStream& stream, const diag::Location& a, const diag::Location& b) {
  const std::string_view between = stream.lexer().text({a.source, a.end, b.begin});
  return between.find('\n') != std::string_view::npos;
}

void add_notes(diag::Builder& report, const Slip& slip) {
  const TokenStream& stream = slip.stream;
  const diag::Location& before = stream.previous().location;
  if (slip.found == Kind::S_YYEOF && !stream.lexer().brackets().empty()) {
    const Lexer::Bracket& open = stream.lexer().brackets().back();
    report.note(open.location, fmt::format("this '{}' is not closed", open.open));
  } else if (const Lexer::Bracket* open = open_parenthesis(slip)) {
    report.note(open->location, fmt::format("this '{}' is not closed", open->open));
  } else if (slip.expected.has(Kind::S_SEMICOLON) && !slip.expected.has(Kind::S_WHILE) &&
             before.valid() && slip.found != Kind::S_YYEOF &&
             on_later_line(stream, before, stream.last().location)) {
    report.note({before.source, before.end, before.end}, "a ';' may be missing here");
  }
  if (slip.expected.has(Kind::S_PREDICATE_CLOSE) && stream.predicate() != nullptr) {
    report.note(*stream.predicate(), "the predicate begins here");
  }
}

}  // namespace

void report_syntax_slip(const Grammar::context& where, TokenStream& stream,
                        diag::Emitter& emitter) {
  stream.begin_recovery();
  const bool at_end = stream.last().kind == Kind::S_YYEOF;
  if (stream.last_is_made_up() || stream.lexer().gave_up() ||
      (at_end && stream.lexer().lost_brace()))
    return;
  const Expected expected(where);
  const auto text_of = [&](const TokenStream::Token& token) {
    return token.location.valid() ? stream.lexer().text(token.location) : std::string_view();
  };
  const Slip slip{expected,
                  stream,
                  stream.last().kind,
                  text_of(stream.last()),
                  stream.previous().kind,
                  text_of(stream.previous()),
                  text_of(stream.statement_start())};
  // A statement that stands outside of a probe is wrong as a whole: the place is where it begins.
  const diag::Location& place =
      is_statement_on_top(slip) ? stream.statement_start().location : stream.last().location;
  auto report = emitter.emit(kinds::SyntaxError, place, message(slip));
  add_notes(report, slip);
  report.hint(hint_for(slip));
}

}  // namespace sonde::parser
