// The texts of tokens -> tokens with values.
#include <algorithm>
#include <cctype>

#include "parser/lexer.h"
#include "parser/literal.h"

namespace sonde::parser {

namespace kinds = diag::kinds;
using Code = Grammar::token;
using Kind = Grammar::symbol_kind;

namespace {

struct Keyword {
  std::string_view text;
  TokenCode code;
};

constexpr Keyword kKeywords[] = {
    {"if", Code::IF},         {"else", Code::ELSE},         {"while", Code::WHILE},
    {"for", Code::FOR},       {"let", Code::LET},           {"unroll", Code::UNROLL},
    {"break", Code::BREAK},   {"continue", Code::CONTINUE}, {"return", Code::RETURN},
    {"true", Code::TRUE},     {"false", Code::FALSE},       {"sizeof", Code::SIZEOF},
    {"struct", Code::STRUCT}, {"offsetof", Code::OFFSETOF}, {"union", Code::UNION},
    {"enum", Code::ENUM},     {"typeof", Code::TYPEOF},
};

// Names that can only be types. So can any name that ends in "_t"; others become types where they are written as a
// pointer in a cast.
constexpr std::string_view kTypeNames[] = {
    "int8",     "int16",  "int32",  "int64",  "uint8",  "uint16", "uint32", "uint64", "bool",
    "string",   "buffer", "void",   "char",   "short",  "int",    "long",   "float",  "double",
    "unsigned", "signed", "u8",     "u16",    "u32",    "u64",    "s8",     "s16",    "s32",
    "s64",      "__u8",   "__u16",  "__u32",  "__u64",  "__s8",   "__s16",  "__s32",  "__s64",
    "__le16",   "__le32", "__le64", "__be16", "__be32", "__be64",
};

// A '{' behind one of these begins a value, elsewhere a block of statements.
bool expects_operand(SymbolKind previous) {
  static constexpr SymbolKind kOperators[] = {
      Kind::S_ASSIGN,     Kind::S_ASSIGN_OPERATOR,
      Kind::S_LPAREN,     Kind::S_LBRACKET,
      Kind::S_COMMA,      Kind::S_RETURN,
      Kind::S_QUESTION,   Kind::S_COLON,
      Kind::S_PLUS,       Kind::S_MINUS,
      Kind::S_STAR,       Kind::S_SLASH,
      Kind::S_PERCENT,    Kind::S_AMPERSAND,
      Kind::S_PIPE,       Kind::S_CARET,
      Kind::S_TILDE,      Kind::S_NOT,
      Kind::S_SHIFT_LEFT, Kind::S_SHIFT_RIGHT,
      Kind::S_EQUAL,      Kind::S_NOT_EQUAL,
      Kind::S_LESS,       Kind::S_LESS_EQUAL,
      Kind::S_GREATER,    Kind::S_GREATER_EQUAL,
      Kind::S_AND,        Kind::S_OR,
      Kind::S_RANGE,
  };
  return std::find(std::begin(kOperators), std::end(kOperators), previous) != std::end(kOperators);
}

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
  }
  return out;
}

// Whole UTF-8 sequences only: a report must stay valid UTF-8 whatever the script holds.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xc2 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                               : lead < 0xf5 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

std::string hexadecimal(std::string_view text) {
  std::string out;
  for (const char c : text) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace

std::size_t skip_blank(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (text.substr(at).starts_with("//")) {
      at = text.find('\n', at);
    } else if (text.substr(at).starts_with("/*")) {
      const std::size_t end = text.find("*/", at + 2);
      at = end == std::string_view::npos ? end : end + 2;
    } else if (std::string_view(" \t\r\n\f\v").find(text[at]) != std::string_view::npos) {
      ++at;
    } else {
      return at;
    }
  }
  return text.size();
}

// `name *)` and, among arguments, `name *,`.
bool Lexer::is_pointer_type() const {
  if (previous_ != Kind::S_LPAREN && previous_ != Kind::S_COMMA) return false;
  const std::string_view after = rest();
  std::size_t at = skip_blank(after, 0);
  if (at >= after.size() || after[at] != '*') return false;
  while (at < after.size() && after[at] == '*') at = skip_blank(after, at + 1);
  return at < after.size() && (after[at] == ')' || after[at] == ',');
}

// `(name)` in front of a value, where a value or a statement may begin: it can be nothing else. A sign or a bracket behind
// it could also go on a value in parentheses.
bool Lexer::is_cast() const {
  static constexpr SymbolKind kStarts[] = {Kind::S_LBRACE, Kind::S_EXPRESSION_BRACE, Kind::S_RBRACE,
                                           Kind::S_SEMICOLON, Kind::S_PREDICATE_OPEN};
  const bool may_begin =
      expects_operand(before_previous_) ||
      std::find(std::begin(kStarts), std::end(kStarts), before_previous_) != std::end(kStarts);
  if (previous_ != Kind::S_LPAREN || !may_begin) return false;
  const std::string_view after = rest();
  std::size_t at = skip_blank(after, 0);
  while (at < after.size() && after[at] == '[') {  // `(name[4])`
    at = after.find_first_not_of("0123456789", at + 1);
    if (at >= after.size() || after[at] != ']') return false;
    at = skip_blank(after, at + 1);
  }
  if (at >= after.size() || after[at] != ')') return false;
  at = skip_blank(after, at + 1);
  if (at >= after.size()) return false;
  const auto next = static_cast<unsigned char>(after[at]);
  return std::isalnum(next) != 0 ||
         std::string_view("_$@\"(~").find(after[at]) != std::string_view::npos;
}

bool Lexer::is_qualifier() const {
  if (previous_ == Kind::S_DOT || previous_ == Kind::S_ARROW) return false;
  return text_ == "const" || text_ == "volatile" || text_ == "restrict";
}

bool Lexer::is_misspelt_else_if() const {
  return previous_ == Kind::S_RBRACE && (text_ == "elif" || text_ == "elsif" || text_ == "elseif");
}

Symbol Lexer::misspelt_else_if() {
  if (!quiet_)
    emitter_.emit(kinds::SyntaxError, here_, fmt::format("'{}' is not a keyword", text_))
        .hint("write 'else if (...) { ... }'");
  return error_token();
}

Symbol Lexer::word() {
  const Word word{text_, here_};
  const bool any_name = previous_ == Kind::S_DOT || previous_ == Kind::S_ARROW ||
                        previous_ == Kind::S_STRUCT || previous_ == Kind::S_UNION ||
                        previous_ == Kind::S_ENUM;
  if (any_name) return Grammar::make_IDENTIFIER(word, here_);
  for (const Keyword& keyword : kKeywords) {
    if (keyword.text == text_) return {keyword.code, here_};
  }
  const bool is_type =
      std::find(std::begin(kTypeNames), std::end(kTypeNames), text_) != std::end(kTypeNames) ||
      text_.ends_with("_t") || typedefs_.contains(text_) || is_pointer_type() || is_cast();
  return is_type ? Grammar::make_TYPE_NAME(word, here_) : Grammar::make_IDENTIFIER(word, here_);
}

namespace {

// What a wrong number was meant to be.
std::string integer_hint(std::string_view text, std::string_view rest) {
  const std::string_view last = text.substr(text.size() - 1);
  if ((last == "e" || last == "E") && rest.starts_with('-')) return "there are whole numbers only";
  if (text.find_first_not_of("0123456789_") == std::string_view::npos && !text.starts_with('0'))
    return "the largest is 18446744073709551615";
  if (text.starts_with("0b")) return "numbers are decimal, hexadecimal (0x1f) or octal (017)";
  if (text.starts_with("0x")) return "hexadecimal digits are 0 to 9 and a to f";
  if (text.starts_with('0')) return "a number that begins with 0 is octal; leave out the 0";
  if (std::string_view("kKMG").find(last) != std::string_view::npos)
    return fmt::format("write '{} * {}'", text.substr(0, text.size() - 1),
                       last == "G"   ? "1024 * 1024 * 1024"
                       : last == "M" ? "1024 * 1024"
                                     : "1024");
  return "suffixes are ns, us, ms, s, m, h and d for durations, and those of C";
}

}  // namespace

Symbol Lexer::integer() {
  const bool is_field = previous_ == Kind::S_DOT;  // `.0`: the text counts.
  const auto value = parse_integer(text_);
  if (!value && !is_field && !quiet_)
    emitter_.emit(kinds::InvalidInteger, here_, std::string(text_), value.error())
        .hint(integer_hint(text_, rest()));
  return Grammar::make_INTEGER(IntegerText{value.value_or(0), text_}, here_);
}

Symbol Lexer::string() {
  UnescapedString inside = unescape(text_.substr(1, text_.size() - 2));
  if (!quiet_) {
    for (const auto& bad : inside.bad) {
      const auto begin = here_.begin + 1 + static_cast<std::uint32_t>(bad.offset);
      const diag::Location where{source_, begin, begin + static_cast<std::uint32_t>(bad.length)};
      emitter_.emit(kinds::InvalidEscape, where, printable(text(where)))
          .hint("a backslash itself is written '\\\\'");
    }
  }
  return Grammar::make_STRING(std::move(inside), here_);
}

Symbol Lexer::single_quoted() {
  UnescapedString inside = unescape(text_.substr(1, text_.size() - 2));
  const std::string& value = inside.value;
  if (!quiet_) {
    auto report = emitter_.emit(kinds::SyntaxError, here_, "single quotes have no meaning here");
    report.hint(
        fmt::format("strings stand in double quotes: \"{}\"", text_.substr(1, text_.size() - 2)));
    if (value.size() == 1) {
      report.hint(
          fmt::format("the code of the character is {}", static_cast<unsigned char>(value[0])));
    }
  }
  return Grammar::make_STRING(std::move(inside), here_);
}

Symbol Lexer::parameter() {
  if (text_ == "$#") return Grammar::make_PARAMETER(0, here_);
  const auto index = parse_integer(text_.substr(1));
  const bool valid = index && *index > 0 && *index <= 0xffff && text_[1] != '0';
  if (!valid && !quiet_) {
    emitter_.emit(kinds::SyntaxError, here_, fmt::format("'{}' is not a parameter", text_))
        .hint("the arguments of the command line are '$1', '$2' and so on, '$#' is their number");
  }
  return Grammar::make_PARAMETER(valid ? static_cast<std::uint32_t>(*index) : 1, here_);
}

Symbol Lexer::left_brace() {
  const bool is_value = mode_ == Mode::Code && expects_operand(previous_);
  return {is_value ? Code::EXPRESSION_BRACE : Code::LBRACE, here_};
}

bool Lexer::closes_predicate() const {
  const std::string_view after = rest();
  const std::size_t next = skip_blank(after, 0);
  return next == after.size() || after[next] == '{' || is_probe_line(here_.end + next);
}

Symbol Lexer::slash() {
  const bool closes = in_predicate_ && braces_ == 0 && closes_predicate();
  return {closes ? Code::PREDICATE_CLOSE : Code::SLASH, here_};
}

// The end is behind the last word: an empty line is nothing to point at.
Symbol Lexer::end() {
  report_open_conditional();
  const std::size_t last = script_.find_last_not_of(" \t\r\n\f\v");
  const auto at = static_cast<std::uint32_t>(last == std::string_view::npos ? 0 : last + 1);
  here_ = {source_, at, at};
  return Grammar::make_END(here_);
}

Symbol Lexer::unterminated_string() {
  if (!quiet_) emitter_.emit(kinds::UnterminatedString, here_);
  lost_brace_ |= text_.find('}') != std::string_view::npos;
  return error_token();
}

Symbol Lexer::invalid_character() {
  if (quiet_) return error_token();
  auto report = emitter_.emit(kinds::InvalidCharacter, here_,
                              is_utf8(text_) ? printable(text_) : hexadecimal(text_));
  if (text_ == "$") {
    report.hint(
        "a name follows '$'; within double quotes the shell replaces '$name', in single "
        "quotes it does not");
  }
  if (text_ == ":" && mode_ == Mode::Top) report.hint("a probe is written without blanks");
  if (text_ == "\\") report.hint("a line goes on without a sign at its end");
  if (text_.find("\u2018") != std::string_view::npos ||
      text_.find("\u2019") != std::string_view::npos) {
    report.hint("strings stand in plain double quotes: \"...\"");
  }
  if (text_ == "#") {
    const bool directive = next_word_is("include") || next_word_is("define");
    report.hint(directive ? "directives stand in front of the probes" : "comments start with '//'");
  }
  if (text_.find("\u201c") != std::string_view::npos ||
      text_.find("\u201d") != std::string_view::npos) {
    report.hint("strings stand in plain double quotes: \"...\"");
  }
  return error_token();
}

void Lexer::unterminated_comment() {
  emitter_.emit(kinds::UnterminatedComment, here_);
  give_up();
}

}  // namespace sonde::parser
