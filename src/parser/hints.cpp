// How to mend what the grammar cannot read: one function for each habit that users bring along.
#include <algorithm>

#include "builtins/absent.h"
#include "builtins/tables.h"
#include "parser/literal.h"
#include "parser/slip.h"

namespace sonde::parser {
namespace {

using Kind = Grammar::symbol_kind;

template <std::size_t kCount>
bool is_one_of(SymbolKind kind, const SymbolKind (&kinds)[kCount]) {
  return std::ranges::find(kinds, kind) != std::end(kinds);
}

bool begins_value(SymbolKind kind) {
  static constexpr SymbolKind kFirst[] = {Kind::S_IDENTIFIER, Kind::S_VARIABLE, Kind::S_MAP,
                                          Kind::S_INTEGER,    Kind::S_STRING,   Kind::S_PARAMETER,
                                          Kind::S_TRUE,       Kind::S_FALSE};
  return is_one_of(kind, kFirst);
}

// An expression could go on here, or the statement end.
bool after_expression(const Slip& slip) {
  return slip.expected.has(Kind::S_SEMICOLON) && slip.expected.has(Kind::S_PLUS) &&
         !slip.expected.has(Kind::S_WHILE);
}

bool wants_operand(const Slip& slip) {
  return slip.expected.has(Kind::S_INTEGER) && slip.expected.has(Kind::S_IDENTIFIER) &&
         !slip.expected.has(Kind::S_WHILE);
}

bool wants_statement(const Slip& slip) { return slip.expected.has(Kind::S_WHILE); }

// No blank stands in front of the token found.
bool touches(const Slip& slip) {
  return slip.stream.previous().location.end == slip.stream.last().location.begin;
}

constexpr std::string_view kTuplesInstead = "arrays cannot be built; a tuple is '(1, 2, 3)'";

// The innermost open bracket, or 0.
char open_bracket(const Slip& slip) {
  const auto& brackets = slip.stream.lexer().brackets();
  return brackets.empty() ? '\0' : brackets.back().open;
}

// --- words of other languages ---

std::string word_operator(const Slip& slip) {
  if (slip.found == Kind::S_IDENTIFIER && slip.found_text == "in" &&
      slip.expected.has(Kind::S_EQUAL))
    return "compare with each: 'pid == 1 || pid == 2'";
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

std::string import_line(const Slip& slip) {
  if (slip.before == Kind::S_IMPORT) return "write 'import \"file.bt\";'";
  return slip.before == Kind::S_STRING && slip.stream.previous(1).kind == Kind::S_IMPORT
             ? "a ';' stands behind the name of the file"
             : std::string();
}

std::string foreign_statement(const Slip& slip) {
  if (slip.expected.has(Kind::S_ATTACH_POINT) || slip.before == Kind::S_ATTACH_POINT) return {};
  static constexpr std::string_view kDeclarations[] = {"var",   "auto", "static",
                                                       "local", "my",   "global"};
  if (std::ranges::find(kDeclarations, slip.start_text) != std::end(kDeclarations))
    return "a variable needs no declaration: write '$name = ...', or 'let $name = ...'";
  if (is_function_word(slip.start_text)) return std::string(kMacrosInstead);
  return std::string(builtins::foreign_hint(slip.start_text));
}

std::string c_declaration(const Slip& slip) {
  return wants_statement(slip) && (slip.found == Kind::S_TYPE_NAME || slip.found == Kind::S_STRUCT)
             ? "a variable takes the type of what it is given: write '$name = ...', or with a type "
               "'let $name: int32 = ...'"
             : std::string();
}

std::string call_without_parentheses(const Slip& slip) {
  const bool call = slip.before == Kind::S_IDENTIFIER && begins_value(slip.found) &&
                    builtins::find_function(slip.before_text) != nullptr;
  return call ? fmt::format("the arguments of a function stand in parentheses: '{0}({1})'",
                            slip.before_text,
                            slip.found == Kind::S_STRING ? "\"...\"" : slip.found_text)
              : std::string();
}

// f"pid {pid}"
std::string text_with_values(const Slip& slip) {
  const bool prefixed =
      slip.found == Kind::S_STRING && slip.before == Kind::S_IDENTIFIER && touches(slip);
  return prefixed ? "printf(\"%d %s\", ...) puts values into a text" : std::string();
}

std::string for_head(const Slip& slip) {
  const bool head =
      slip.before == Kind::S_FOR || slip.stream.previous(1).kind == Kind::S_FOR ||
      (slip.before == Kind::S_VARIABLE && slip.stream.previous(1).kind == Kind::S_LPAREN &&
       slip.expected.has(Kind::S_COLON) && !slip.expected.has(Kind::S_PLUS));
  return head ? "for loops are 'for ($kv : @map) { ... }' and 'for ($i : 0..10) { ... }'"
              : std::string();
}

// --- blocks and conditions ---

std::string stray_else(const Slip& slip) {
  if (slip.found != Kind::S_ELSE) return {};
  return slip.before == Kind::S_SEMICOLON ? "no ';' stands between '}' and 'else'"
                                          : "an 'else' follows the '}' of its 'if'";
}

std::string condition_parentheses(const Slip& slip) {
  const bool head =
      slip.before == Kind::S_IF || slip.before == Kind::S_WHILE || slip.before == Kind::S_UNROLL;
  if (head && slip.expected.has(Kind::S_LPAREN))
    return fmt::format("write '{} (...) {{'", slip.before_text);
  const SymbolKind word = slip.stream.previous(1).kind;
  const bool empty = slip.before == Kind::S_LPAREN && slip.found == Kind::S_RPAREN &&
                     (word == Kind::S_IF || word == Kind::S_WHILE);
  return empty ? "a condition stands between the parentheses" : std::string();
}

std::string body_braces(const Slip& slip) {
  const bool body = slip.expected.has(Kind::S_LBRACE) &&
                    !slip.expected.has(Kind::S_PREDICATE_OPEN) && !wants_statement(slip) &&
                    !wants_probe(slip) &&
                    (slip.before == Kind::S_RPAREN || slip.before == Kind::S_ELSE);
  if (!body) return {};
  return slip.found == Kind::S_SEMICOLON && slip.before == Kind::S_RPAREN
             ? "no ';' stands between the condition and its '{ ... }'"
             : "the statements stand in braces, even a single one: '{ ... }'";
}

std::string misplaced_predicate(const Slip& slip) {
  if (slip.found == Kind::S_SLASH && wants_statement(slip))
    return "inside the braces a condition is 'if (...) { ... }'; a predicate stands in front of "
           "them";
  if (slip.found == Kind::S_PREDICATE_OPEN && wants_probe(slip))
    return "a predicate stands between the probe and its '{'";
  return slip.found_text == "/" && slip.stream.predicate() != nullptr && wants_operand(slip)
             ? "a probe has one predicate: join conditions with '&&'"
             : std::string();
}

// --- operators and operands ---

std::string foreign_operator(const Slip& slip) {
  struct Spelling {
    SymbolKind first;
    SymbolKind second;
    std::string_view symbol;
  };
  static constexpr Spelling kSpellings[] = {
      {Kind::S_EQUAL, Kind::S_ASSIGN, "=="},   {Kind::S_NOT_EQUAL, Kind::S_ASSIGN, "!="},
      {Kind::S_LESS, Kind::S_GREATER, "!="},   {Kind::S_ASSIGN, Kind::S_LESS, "<="},
      {Kind::S_ASSIGN, Kind::S_GREATER, ">="}, {Kind::S_ASSIGN, Kind::S_PLUS, "+="}};
  for (const auto& [first, second, symbol] : kSpellings) {
    if (slip.before == first && slip.found == second)
      return fmt::format("the operator is '{}'", symbol);
  }
  if (slip.before == Kind::S_SHIFT_LEFT && slip.found == Kind::S_LESS && touches(slip))
    return "statistics are '@x = hist(value)', sum(value), avg(value) and the like";
  if (slip.found == Kind::S_COLON && after_expression(slip)) return "'=' assigns";
  if (slip.before == Kind::S_RANGE && (slip.found == Kind::S_DOT || slip.found == Kind::S_RPAREN))
    return "a range is written '0..10'; its end is not part of it";
  if (slip.before == Kind::S_DOT && slip.found == Kind::S_STRING)
    return "printf(\"%s%s\", ...) prints texts one behind the other";
  return slip.expected.has(Kind::S_COLON) && slip.expected.has(Kind::S_QUESTION) &&
                 !slip.expected.has(Kind::S_SEMICOLON) && slip.found == Kind::S_SEMICOLON
             ? "'? :' chooses between two values: 'condition ? this : that'"
             : std::string();
}

std::string comparison(const Slip& slip) {
  const diag::Location& found = slip.stream.last().location;
  const bool matches = slip.found == Kind::S_ASSIGN && slip.expected.has(Kind::S_EQUAL) &&
                       slip.stream.lexer().text({found.source, found.end, found.end + 1}) == "~";
  if (matches) return std::string(kPatternsInstead);
  return slip.found == Kind::S_ASSIGN && slip.expected.has(Kind::S_EQUAL) &&
                 open_bracket(slip) != '['
             ? "use '==' to compare"
             : std::string();
}

std::string fraction(const Slip& slip) {
  return slip.found == Kind::S_DOT && wants_operand(slip) ? "there are whole numbers only"
                                                          : std::string();
}

std::string empty_key(const Slip& slip) {
  return slip.before == Kind::S_LBRACKET && slip.found == Kind::S_RBRACKET && wants_operand(slip)
             ? "a key stands between the brackets; a map without keys is written without them"
             : std::string();
}

// Constructs of other languages in place of a value.
std::string foreign_operand(const Slip& slip) {
  if (slip.before == Kind::S_MAP && (slip.found == Kind::S_LBRACE || slip.found == Kind::S_LPAREN))
    return fmt::format("keys stand in brackets: '{}[key]'", slip.before_text);
  if (slip.expected.has(Kind::S_RANGE) && slip.expected.has(Kind::S_PLUS) &&
      slip.found == Kind::S_IDENTIFIER)
    return "a range is written '0..10'; its end is not part of it";
  if (!wants_operand(slip)) return {};
  if (slip.found == Kind::S_LBRACKET) return std::string(kTuplesInstead);
  return slip.found == Kind::S_STRUCT ? "a type alone is no value: '(struct NAME *)...' casts, "
                                        "'sizeof(struct NAME)' is a size"
                                      : std::string();
}

std::string offsetof_field(const Slip& slip) {
  if (slip.before == Kind::S_SIZEOF)
    return "the type or value stands in parentheses: 'sizeof(struct NAME)'";
  return (slip.found == Kind::S_RPAREN || slip.found == Kind::S_DOT) &&
                 slip.expected.has(Kind::S_COMMA) && !slip.expected.has(Kind::S_RPAREN)
             ? "write 'offsetof(struct NAME, FIELD)'"
             : std::string();
}

// --- names ---

std::string broken_name(const Slip& slip) {
  if (slip.before == Kind::S_MAP && slip.before_text == "@" && slip.found == Kind::S_IDENTIFIER)
    return "no blank stands between '@' and the name";
  if (slip.before == Kind::S_PARAMETER && slip.found == Kind::S_IDENTIFIER && touches(slip))
    return "names of variables start with a letter; '$1' is the first argument of the command line";
  // The shell has replaced `$x` by nothing.
  return slip.found == Kind::S_ASSIGN && wants_statement(slip)
             ? "within double quotes the shell replaces '$name': put the script into single quotes"
             : std::string();
}

std::string declaration(const Slip& slip) {
  const SymbolKind before = slip.stream.previous(1).kind;
  if (slip.before == Kind::S_LET && slip.expected.has(Kind::S_VARIABLE)) {
    if (slip.found == Kind::S_MAP)
      return "maps need no declaration; one with a kind stands in front of the probes: 'let @name "
             "= "
             "hash(100);'";
    return fmt::format("names of variables start with '$': 'let ${}'",
                       slip.found == Kind::S_IDENTIFIER ? slip.found_text : "name");
  }
  if (slip.before == Kind::S_LET && slip.found == Kind::S_VARIABLE)
    return "variables belong to one probe; what all probes share is a map: '@name'";
  const bool map_declaration =
      (slip.before == Kind::S_MAP && before == Kind::S_LET) ||
      (before == Kind::S_ASSIGN && slip.stream.statement_start().kind == Kind::S_LET &&
       slip.expected.has(Kind::S_LPAREN) && !slip.expected.has(Kind::S_PLUS)) ||
      (slip.stream.lexer().in_declaration() && !slip.expected.has(Kind::S_SEMICOLON));
  if (map_declaration)
    return "write 'let @name = hash(100);', with hash, lruhash, percpuhash or percpulruhash";
  const bool after_name = slip.before == Kind::S_VARIABLE && before == Kind::S_LET;
  if (after_name && slip.found == Kind::S_COMMA) return "each 'let' declares one variable";
  const bool untyped =
      slip.before == Kind::S_VARIABLE && before == Kind::S_LET && slip.expected.has(Kind::S_COLON);
  return untyped && slip.found == Kind::S_TYPE_NAME
             ? fmt::format("write 'let {}: {}'", slip.before_text, slip.found_text)
             : std::string();
}

// In `config = { name = value; }`.
std::string config_entry(const Slip& slip) {
  if (slip.before == Kind::S_CONFIG) return "write 'config = { name = value; }'";
  const bool after_name = slip.before == Kind::S_IDENTIFIER && slip.expected.has(Kind::S_ASSIGN) &&
                          !slip.expected.has(Kind::S_PLUS) && !slip.expected.has(Kind::S_SEMICOLON);
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

// --- separators ---

std::string missing_comma(const Slip& slip) {
  const bool list = slip.expected.has(Kind::S_COMMA) && begins_value(slip.found);
  return list ? "a ',' may be missing before it" : std::string();
}

std::string missing_semicolon(const Slip& slip) {
  if (!after_expression(slip)) return {};
  if (slip.found == Kind::S_COMMA && slip.stream.previous(1).kind == Kind::S_EXPRESSION_BRACE)
    return std::string(kTuplesInstead);
  if (slip.found == Kind::S_COMMA) return "statements end with ';'";
  static constexpr SymbolKind kEnds[] = {Kind::S_RPAREN,  Kind::S_RBRACKET,  Kind::S_INTEGER,
                                         Kind::S_STRING,  Kind::S_INCREMENT, Kind::S_DECREMENT,
                                         Kind::S_VARIABLE};
  static constexpr SymbolKind kBegins[] = {Kind::S_IF,    Kind::S_FOR,     Kind::S_WHILE,
                                           Kind::S_LET,   Kind::S_UNROLL,  Kind::S_RETURN,
                                           Kind::S_BREAK, Kind::S_CONTINUE};
  const bool next = is_one_of(slip.found, kBegins) || begins_value(slip.found);
  return next && is_one_of(slip.before, kEnds) ? "a ';' may be missing before it" : std::string();
}

std::string surplus_bracket(const Slip& slip) {
  const bool closes = slip.found == Kind::S_RPAREN || slip.found == Kind::S_RBRACKET;
  if ((closes && after_expression(slip)) || (slip.found == Kind::S_RBRACE && wants_probe(slip)))
    return fmt::format("there is a '{}' too many", slip.found_text);
  return {};
}

std::string statement_on_top(const Slip& slip) {
  return is_statement_on_top(slip)
             ? "put it into the braces of a probe, for example 'begin { ... }'"
             : std::string();
}

// The first that applies is shown.
constexpr std::string (*kHints[])(const Slip&) = {
    word_operator,
    call_without_parentheses,
    text_with_values,
    stray_else,
    condition_parentheses,
    body_braces,
    for_head,
    config_entry,
    declaration,
    c_declaration,
    import_line,
    foreign_statement,
    misplaced_predicate,
    foreign_operator,
    broken_name,
    empty_key,
    fraction,
    comparison,
    foreign_operand,
    missing_comma,
    offsetof_field,
    missing_semicolon,
    surplus_bracket,
    probe_hint,
    statement_on_top,
};

}  // namespace

bool is_statement_on_top(const Slip& slip) {
  return (slip.before == Kind::S_ATTACH_POINT || slip.before == Kind::S_ASSIGN) &&
         slip.expected.has(Kind::S_LBRACE) && !is_known_probe(slip.start_text) &&
         (slip.found == Kind::S_LPAREN || slip.found == Kind::S_SEMICOLON);
}

std::string hint_for(const Slip& slip) {
  for (const auto& hint : kHints) {
    if (std::string text = hint(slip); !text.empty()) return text;
  }
  return {};
}

}  // namespace sonde::parser
