#include "base/c_text.h"

#include <algorithm>

namespace sonde {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

// Behind a blank, a spliced line end or a comment at `at`; `at` itself if there is none.
std::size_t past_blank(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("/*")) {
    const std::size_t end = text.find("*/", at + 2);
    return end == std::string_view::npos ? text.size() : end + 2;
  }
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("\\\n")) return at + 2;
  if (rest.starts_with("\\\r\n")) return at + 3;
  return std::string_view(" \t\r\n\f\v").find(text[at]) != std::string_view::npos ? at + 1 : at;
}

std::size_t quoted_length(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && text[at] != text[0] && text[at] != '\n') {
    at += text[at] == '\\' && at + 1 < text.size() ? 2 : 1;
  }
  const bool closed = at < text.size() && text[at] == text[0];
  return closed ? at + 1 : std::min(at, text.size());
}

std::size_t number_length(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size()) {
    const bool exponent = (text[at] == '+' || text[at] == '-') &&
                          std::string_view("eEpP").find(text[at - 1]) != std::string_view::npos &&
                          !text.starts_with("0x") && !text.starts_with("0X");
    if (!is_digit(text[at]) && !is_letter(text[at]) && text[at] != '.' && !exponent) break;
    ++at;
  }
  return at;
}

std::size_t punctuator_length(std::string_view text) {
  static constexpr std::string_view kLong[] = {"...", "<<=", ">>=", "->", "++", "--", "<<", ">>",
                                               "<=",  ">=",  "==",  "!=", "&&", "||", "+=", "-=",
                                               "*=",  "/=",  "%=",  "&=", "^=", "|=", "##"};
  for (const std::string_view one : kLong) {
    if (text.starts_with(one)) return one.size();
  }
  return 1;
}

// Where the token behind the bracket at `open` that closes it begins; the number of tokens if nothing does.
std::size_t closing(const std::vector<CToken>& tokens, std::size_t open) {
  std::size_t depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (tokens[i].is("{") || tokens[i].is("(") || tokens[i].is("[")) ++depth;
    if (tokens[i].is("}") || tokens[i].is(")") || tokens[i].is("]")) {
      if (--depth == 0) return i;
    }
  }
  return tokens.size();
}

bool is_tag_keyword(const CToken& token) {
  return token.is("struct") || token.is("union") || token.is("enum");
}

// The names that a typedef declares: the last word of each declarator.
void add_typedefs(const std::vector<CToken>& tokens, std::size_t begin, COutline& outline) {
  std::string_view name;
  for (std::size_t i = begin; i < tokens.size(); ++i) {
    const CToken& token = tokens[i];
    if (token.is("{") || token.is("[")) {
      i = closing(tokens, i);
    } else if (token.is("__attribute__")) {
      i = closing(tokens, i + 1);
    } else if (token.is("(")) {
      // `(*name)(...)` holds the name, other parentheses hold parameters.
      std::size_t inner = i + 1;
      while (inner < tokens.size() && tokens[inner].is("*")) ++inner;
      if (inner > i + 1 && inner < tokens.size() && tokens[inner].is_identifier()) {
        name = tokens[inner].text;
        i = closing(tokens, i);
      } else {
        i = closing(tokens, i);
      }
    } else if (token.is_identifier()) {
      name = token.text;
    } else if (token.is(";") || token.is(",")) {
      if (!name.empty()) outline.typedefs.push_back(name);
      if (token.is(";")) return;
    }
  }
}

void add_constants(const std::vector<CToken>& tokens, std::size_t open, COutline& outline) {
  const std::size_t end = closing(tokens, open);
  bool is_name = true;
  for (std::size_t i = open + 1; i < end; ++i) {
    if (tokens[i].is("(")) i = closing(tokens, i);
    if (i < end && is_name && tokens[i].is_identifier())
      outline.constants.push_back(tokens[i].text);
    is_name = i < end && tokens[i].is(",");
  }
}

}  // namespace

CToken c_token(std::string_view text, std::size_t offset) {
  CToken token;
  token.line_start = offset == 0;
  while (offset < text.size()) {
    const std::size_t next = past_blank(text, offset);
    if (next == offset) break;
    if (text.substr(offset, next - offset) == "\n") token.line_start = true;
    offset = next;
  }
  token.offset = offset;
  const std::string_view rest = text.substr(offset);
  if (rest.empty()) return token;
  const char first = rest[0];
  std::size_t length = 1;
  if (is_letter(first)) {
    token.kind = CTokenKind::Identifier;
    while (length < rest.size() && (is_letter(rest[length]) || is_digit(rest[length]))) ++length;
  } else if (is_digit(first) || (first == '.' && rest.size() > 1 && is_digit(rest[1]))) {
    token.kind = CTokenKind::Number;
    length = number_length(rest);
  } else if (first == '"' || first == '\'') {
    token.kind = first == '"' ? CTokenKind::String : CTokenKind::Character;
    length = quoted_length(rest);
  } else {
    token.kind = CTokenKind::Punctuator;
    length = punctuator_length(rest);
  }
  token.text = rest.substr(0, length);
  return token;
}

std::vector<CToken> c_tokens(std::string_view text) {
  std::vector<CToken> tokens;
  for (std::size_t at = 0;;) {
    const CToken token = c_token(text, at);
    if (token.kind == CTokenKind::End) return tokens;
    tokens.push_back(token);
    at = token.offset + token.text.size();
  }
}

std::size_t c_directive_length(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && text[at] != '\n') {
    const std::size_t next = past_blank(text, at);
    if (next > at) {
      at = next;
    } else if (text[at] == '"' || text[at] == '\'') {
      at += quoted_length(text.substr(at));
    } else {
      ++at;
    }
  }
  return at;
}

std::size_t c_definition_length(std::string_view text,
                                const std::function<bool(std::size_t, std::size_t)>& is_foreign) {
  const bool is_typedef = c_token(text, 0).is("typedef");
  std::size_t depth = 0;
  std::size_t end = 0;
  for (CToken token = c_token(text, 0); token.kind != CTokenKind::End; token = c_token(text, end)) {
    if (end > 0 && token.line_start && is_foreign(token.offset, depth)) return end;
    end = token.offset + token.text.size();
    if (token.is("{")) ++depth;
    if (token.is("}") && depth > 0) --depth;
    if (depth > 0) continue;
    if (token.is(";")) return end;
    if (!token.is("}") || is_typedef) continue;
    // What may follow a body: attributes, declarators, and the ';' or nothing.
    const CToken next = c_token(text, end);
    if (!next.is(";") && !next.text.starts_with("__")) return end;
  }
  return end;
}

COutline c_outline(std::string_view text) {
  COutline outline;
  const std::vector<CToken> tokens = c_tokens(text);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].is("#") && tokens[i].line_start) {
      const std::size_t end = tokens[i].offset + c_directive_length(text.substr(tokens[i].offset));
      while (i + 1 < tokens.size() && tokens[i + 1].offset < end) ++i;
      continue;
    }
    if (tokens[i].is("typedef")) add_typedefs(tokens, i + 1, outline);
    if (!is_tag_keyword(tokens[i])) continue;
    std::size_t at = i + 1;
    while (at + 1 < tokens.size() && tokens[at].is("__attribute__"))
      at = closing(tokens, at + 1) + 1;
    std::string_view name;
    if (at < tokens.size() && tokens[at].is_identifier()) name = tokens[at++].text;
    if (at >= tokens.size() || !tokens[at].is("{")) continue;
    if (!name.empty()) outline.tags.push_back({tokens[i].text, name});
    if (tokens[i].is("enum")) add_constants(tokens, at, outline);
  }
  return outline;
}

std::string c_without_functions(std::string_view text) {
  std::string out;
  std::size_t copied = 0;
  std::size_t depth = 0;
  std::size_t parentheses = 0;
  bool is_tag = false;  // `struct __attribute__((packed)) {` has no function in it.
  CToken before;
  for (std::size_t at = 0;;) {
    const CToken token = c_token(text, at);
    if (token.kind == CTokenKind::End) break;
    at = token.offset + token.text.size();
    if (token.is("#") && token.line_start) {
      at = token.offset + c_directive_length(text.substr(token.offset));
      continue;
    }
    if (token.is("(")) ++parentheses;
    if (token.is(")") && parentheses > 0) --parentheses;
    if (token.is("{") && depth++ == 0 && before.is(")") && !is_tag) {
      out += text.substr(copied, token.offset - copied);
      out += ';';
      std::size_t inner = 1;
      while (inner > 0 && at < text.size()) {
        const CToken one = c_token(text, at);
        if (one.kind == CTokenKind::End) break;
        at = one.offset + one.text.size();
        inner += one.is("{") ? 1 : 0;
        inner -= one.is("}") ? 1 : 0;
      }
      depth = 0;
      // Line numbers of what follows stay.
      const std::string_view body = text.substr(token.offset, at - token.offset);
      out.append(static_cast<std::size_t>(std::count(body.begin(), body.end(), '\n')), '\n');
      copied = at;
    } else if (token.is("}") && depth > 0) {
      --depth;
    }
    if (parentheses == 0 && !token.is(")") && !token.is("__attribute__"))
      is_tag = is_tag_keyword(token);
    before = token;
  }
  out += text.substr(copied);
  return out;
}

std::optional<std::string> c_unquote(std::string_view literal) {
  if (literal.size() < 2 || literal.back() != literal.front()) return std::nullopt;
  literal = literal.substr(1, literal.size() - 2);
  static constexpr std::string_view kNames = "abefnrtv\\'\"?";
  static constexpr std::string_view kValues = "\a\b\x1b\f\n\r\t\v\\'\"?";
  std::string out;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] != '\\') {
      out += literal[i];
      continue;
    }
    if (++i == literal.size()) return std::nullopt;
    if (const std::size_t name = kNames.find(literal[i]); name != std::string_view::npos) {
      out += kValues[name];
      continue;
    }
    const bool hex = literal[i] == 'x';
    const std::string_view digits = hex ? "0123456789abcdef" : "01234567";
    std::size_t value = 0;
    std::size_t count = 0;
    for (i += hex ? 1 : 0; i < literal.size() && count < (hex ? 2 : 3); ++i, ++count) {
      const char lower = literal[i] >= 'A' && literal[i] <= 'F'
                             ? static_cast<char>(literal[i] - 'A' + 'a')
                             : literal[i];
      const std::size_t digit = digits.find(lower);
      if (digit == std::string_view::npos) break;
      value = value * digits.size() + digit;
    }
    if (count == 0) return std::nullopt;
    --i;
    out += static_cast<char>(value & 0xff);
  }
  return out;
}

}  // namespace sonde
