#include "parser/syntax_error.h"

#include <algorithm>
#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "builtins/tables.h"
#include "parser/token_stream.h"

namespace sonde::parser {
namespace {

namespace kinds = diag::kinds;
using Kind = Grammar::symbol_kind;

// What the parser would have taken instead.
class Expected {
 public:
  explicit Expected(const Grammar::context& where) {
    SymbolKind found[Grammar::YYNTOKENS];
    const int count = where.expected_tokens(found, Grammar::YYNTOKENS);
    for (int i = 0; i < count; ++i) set_.set(static_cast<std::size_t>(found[i]));
  }
  [[nodiscard]] bool has(SymbolKind kind) const {
    return set_.test(static_cast<std::size_t>(kind));
  }

 private:
  std::bitset<Grammar::YYNTOKENS> set_;
};

// One wrong place with what the hints look at.
struct Slip {
  const Expected& expected;
  const TokenStream& stream;
  SymbolKind found;
  std::string_view found_text;
  SymbolKind before;  // The token in front of it, and its text.
  std::string_view before_text;
};

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

bool is_statement_on_top(const Slip& slip) {
  return (slip.before == Kind::S_ATTACH_POINT || slip.before == Kind::S_ASSIGN) &&
         slip.expected.has(Kind::S_LBRACE) &&
         (slip.found == Kind::S_LPAREN || slip.found == Kind::S_SEMICOLON);
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

// --- hints ---

bool begins_value(SymbolKind kind) {
  static constexpr SymbolKind kFirst[] = {Kind::S_IDENTIFIER, Kind::S_VARIABLE, Kind::S_MAP,
                                          Kind::S_INTEGER,    Kind::S_STRING,   Kind::S_PARAMETER,
                                          Kind::S_TRUE,       Kind::S_FALSE};
  return std::find(std::begin(kFirst), std::end(kFirst), kind) != std::end(kFirst);
}

std::string word_operator(const Slip& slip) {
  struct Spelling {
    std::string_view word;
    std::string_view symbol;
  };
  static constexpr Spelling kSpellings[] = {
      {"and", "&&"}, {"or", "||"}, {"not", "!"}, {"AND", "&&"}, {"OR", "||"}};
  for (const auto& [word, symbol] : kSpellings) {
    if (slip.found == Kind::S_IDENTIFIER && slip.found_text == word)
      return fmt::format("write '{}'", symbol);
    if (slip.before == Kind::S_IDENTIFIER && slip.before_text == word && begins_value(slip.found)) {
      return fmt::format("write '{}' instead of '{}'", symbol, word);
    }
  }
  return {};
}

std::string call_without_parentheses(const Slip& slip) {
  const bool call = slip.before == Kind::S_IDENTIFIER && begins_value(slip.found) &&
                    builtins::find_function(slip.before_text) != nullptr;
  return call ? fmt::format("the arguments of a function stand in parentheses: '{0}({1})'",
                            slip.before_text,
                            slip.found == Kind::S_STRING ? "\"...\"" : slip.found_text)
              : std::string();
}

std::string stray_else(const Slip& slip) {
  if (slip.found != Kind::S_ELSE) return {};
  return slip.before == Kind::S_SEMICOLON ? "no ';' stands between '}' and 'else'"
                                          : "an 'else' follows the '}' of its 'if'";
}

std::string condition_parentheses(const Slip& slip) {
  const bool head =
      slip.before == Kind::S_IF || slip.before == Kind::S_WHILE || slip.before == Kind::S_UNROLL;
  return head && slip.expected.has(Kind::S_LPAREN)
             ? fmt::format("write '{} (...) {{'", slip.before_text)
             : std::string();
}

std::string body_braces(const Slip& slip) {
  const bool body = slip.expected.has(Kind::S_LBRACE) &&
                    !slip.expected.has(Kind::S_PREDICATE_OPEN) &&
                    !slip.expected.has(Kind::S_WHILE) && !slip.expected.has(Kind::S_ATTACH_POINT) &&
                    (slip.before == Kind::S_RPAREN || slip.before == Kind::S_ELSE);
  return body ? "the statements stand in braces, even a single one: '{ ... }'" : std::string();
}

std::string for_head(const Slip& slip) {
  const bool head =
      slip.before == Kind::S_FOR || slip.stream.previous(1).kind == Kind::S_FOR ||
      (slip.before == Kind::S_VARIABLE && slip.stream.previous(1).kind == Kind::S_LPAREN &&
       slip.expected.has(Kind::S_COLON) && !slip.expected.has(Kind::S_PLUS));
  return head ? "for loops are 'for ($kv : @map) { ... }' and 'for ($i : 0..10) { ... }'"
              : std::string();
}

std::string missing_comma(const Slip& slip) {
  const bool list = slip.expected.has(Kind::S_COMMA) && begins_value(slip.found);
  return list ? "a ',' may be missing before it" : std::string();
}

std::string foreign_operator(const Slip& slip) {
  struct Spelling {
    SymbolKind first;
    SymbolKind second;
    std::string_view symbol;
  };
  static constexpr Spelling kSpellings[] = {{Kind::S_EQUAL, Kind::S_ASSIGN, "=="},
                                            {Kind::S_NOT_EQUAL, Kind::S_ASSIGN, "!="},
                                            {Kind::S_LESS, Kind::S_GREATER, "!="},
                                            {Kind::S_ASSIGN, Kind::S_LESS, "<="},
                                            {Kind::S_ASSIGN, Kind::S_GREATER, ">="}};
  for (const auto& [first, second, symbol] : kSpellings) {
    if (slip.before == first && slip.found == second)
      return fmt::format("the operator is '{}'", symbol);
  }
  return {};
}

// In `config = { name = value; }`.
std::string config_entry(const Slip& slip) {
  if (slip.before == Kind::S_CONFIG) return "write 'config = { name = value; }'";
  const bool after_name = slip.before == Kind::S_IDENTIFIER && slip.expected.has(Kind::S_ASSIGN) &&
                          !slip.expected.has(Kind::S_PLUS);
  if (after_name) return "write 'name = value;'";
  const bool after_value = slip.stream.previous(1).kind == Kind::S_ASSIGN &&
                           slip.expected.has(Kind::S_SEMICOLON) &&
                           slip.expected.has(Kind::S_RBRACE) && !slip.expected.has(Kind::S_PLUS);
  if (!after_value) return {};
  if (slip.found == Kind::S_COMMA) return "the settings of a config block end with ';'";
  return slip.before == Kind::S_IDENTIFIER && slip.found == Kind::S_IDENTIFIER
             ? "a value of several words stands in double quotes"
             : std::string();
}

std::string comparison(const Slip& slip) {
  return slip.found == Kind::S_ASSIGN && slip.expected.has(Kind::S_EQUAL) ? "use '==' to compare"
                                                                          : std::string();
}

std::string attach_points(const Slip& slip) {
  if (slip.found != Kind::S_ATTACH_POINT || !slip.expected.has(Kind::S_COMMA)) return {};
  const bool probe =
      builtins::find_probe_kind(slip.found_text.substr(0, slip.found_text.find(':'))) != nullptr;
  return probe ? "separate several probes with ','"
               : "the statements of a probe stand in braces: '{ ... }'";
}

// `kprobe:f/pid == 1/`: the slash and what follows it have become part of the attach point.
std::string glued_predicate(const Slip& slip) {
  const TokenStream::Token& point =
      slip.before == Kind::S_ASSIGN ? slip.stream.previous(1) : slip.stream.previous();
  if (point.kind != Kind::S_ATTACH_POINT) return {};
  const std::string_view text = slip.stream.lexer().text(point.location);
  const bool glued = text.find('/', text.rfind(':') + 1) != std::string_view::npos;
  return glued ? "a space must stand before the '/' of a predicate" : std::string();
}

std::string statement_on_top(const Slip& slip) {
  return is_statement_on_top(slip)
             ? "put it into the braces of a probe, for example 'begin { ... }'"
             : std::string();
}

// The first that applies is shown.
constexpr std::string (*kHints[])(const Slip&) = {
    word_operator,    call_without_parentheses,
    stray_else,       condition_parentheses,
    body_braces,      for_head,
    config_entry,     foreign_operator,
    comparison,       missing_comma,
    attach_points,    glued_predicate,
    statement_on_top,
};

// --- other places ---

// The '(' or '[' that the found token leaves open.
const Lexer::Bracket* open_parenthesis(const Slip& slip) {
  const auto& open = slip.stream.lexer().brackets();
  if (slip.found == Kind::S_RBRACE) return slip.stream.lexer().unclosed();
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
  const Slip slip{expected,
                  stream,
                  stream.last().kind,
                  stream.lexer().text(stream.last().location),
                  stream.previous().kind,
                  stream.previous().location.valid()
                      ? stream.lexer().text(stream.previous().location)
                      : std::string_view()};
  auto report = emitter.emit(kinds::SyntaxError, stream.last().location, message(slip));
  add_notes(report, slip);
  for (const auto& hint : kHints) {
    std::string text = hint(slip);
    if (text.empty()) continue;
    report.hint(std::move(text));
    break;
  }
}

}  // namespace sonde::parser
