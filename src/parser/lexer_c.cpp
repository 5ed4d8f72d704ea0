// C in front of the probes: definitions and lines for the preprocessor become tokens as they are written.
#include <algorithm>

#include "base/c_text.h"
#include "base/text.h"
#include "parser/lexer.h"

namespace sonde::parser {

namespace kinds = diag::kinds;

namespace {

struct Directive {
  std::string_view name;       // "ifdef"
  std::string_view arguments;  // What follows it, without a comment behind it.
  std::uint32_t name_end = 1;  // Where the name ends in the text.
};

Directive split_directive(std::string_view text) {
  const CToken name = c_token(text, 1);
  if (!name.is_identifier()) return {};
  const std::size_t end = name.offset + name.text.size();
  Directive result{name.text, {}, static_cast<std::uint32_t>(end)};
  std::size_t last = end;
  for (CToken token = c_token(text, end); token.kind != CTokenKind::End;
       token = c_token(text, last)) {
    last = token.offset + token.text.size();
  }
  result.arguments = trim(text.substr(end, last - end));
  return result;
}

constexpr std::string_view kDirectives[] = {
    "include", "include_next", "define", "undef",  "if",    "ifdef",   "ifndef",
    "else",    "elif",         "endif",  "pragma", "error", "warning",
};

bool is_known(std::string_view name) {
  return std::find(std::begin(kDirectives), std::end(kDirectives), name) != std::end(kDirectives);
}

// Without the blanks around it, and without a continuation in front of blank lines: it would take in what comes next in
// a text where those lines are gone.
std::string_view trim_directive(std::string_view text) {
  text = trim(text);
  while (text.ends_with('\\')) text = trim(text.substr(0, text.size() - 1));
  return text;
}

}  // namespace

// The current token has matched all of the rest.
void Lexer::cut(std::size_t length) {
  here_.end = here_.begin + static_cast<std::uint32_t>(length);
  text_ = text_.substr(0, length);
}

int Lexer::c_line_length() {
  cut(c_directive_length(text_));
  return static_cast<int>(text_.size());
}

int Lexer::c_definition_length() {
  const std::size_t begin = here_.begin;
  cut(sonde::c_definition_length(text_, [&](std::size_t offset, std::size_t depth) {
    return (depth == 0 && script_[begin + offset] == '#') || is_probe_line(begin + offset);
  }));
  return static_cast<int>(text_.size());
}

bool Lexer::c_line() {
  if (here_.begin == 0 && text_.starts_with("#!")) return false;
  const std::size_t blanks = std::min(text_.find('#'), text_.size());
  here_.begin += static_cast<std::uint32_t>(blanks);
  text_ = trim_directive(text_.substr(blanks));
  here_.end = here_.begin + static_cast<std::uint32_t>(text_.size());
  const Directive directive = split_directive(text_);
  diag::Location name_at = here_;
  name_at.end = name_at.begin + directive.name_end;
  if (!is_known(directive.name)) {
    if (conditionals_.skipping()) return false;
    name_at.end = name_at.begin + 1;
    emitter_.emit(kinds::InvalidCharacter, name_at, "#").hint("comments start with '//'");
    return false;
  }
  const bool waited = conditionals_.skipping();
  const auto line = conditionals_.take(directive.name, directive.arguments, here_.begin);
  if (line == Conditionals::Line::Unpaired) {
    emitter_.emit(kinds::SyntaxError, name_at,
                  fmt::format("'#{}' has no '#if' before it", directive.name));
  }
  mode_ = conditionals_.skipping() ? Mode::Skipped : Mode::Top;
  if (line != Conditionals::Line::PassOn) return false;
  // The branches before this `#elif` do not count: for the compiler it is the first.
  const bool first_branch = waited && directive.name == "elif";
  std::string text = first_branch ? fmt::format("#if {}", directive.arguments) : std::string(text_);
  const bool is_condition = directive.name.starts_with("if") || directive.name.starts_with("el") ||
                            directive.name == "endif";
  c_part_ = {here_, std::move(text), true, is_condition || conditionals_.undecided()};
  return true;
}

void Lexer::c_definition() {
  for (const std::string_view name : c_outline(text_).typedefs) typedefs_.emplace(name);
  c_part_ = {here_, std::string(trim(text_)), false, conditionals_.undecided()};
  c_part_.location.end = here_.begin + static_cast<std::uint32_t>(c_part_.text.size());
}

Symbol Lexer::c_part() { return Grammar::make_C_PART(std::move(c_part_), here_); }

Symbol Lexer::attach_point() {
  if (conditionals_.undecided() && !quiet_) {
    const auto at = *conditionals_.open();
    emitter_.emit(kinds::UndecidedCondition, here_)
        .note(
            {source_, at, at + static_cast<std::uint32_t>(c_directive_length(script_.substr(at)))},
            "what this depends on is for definitions in C only");
  }
  return Grammar::make_ATTACH_POINT(Word{text_, here_}, here_);
}

void Lexer::report_open_conditional() {
  const auto at = conditionals_.open();
  if (!at || quiet_ || gave_up_) return;
  const std::string_view line = script_.substr(*at);
  const Directive directive = split_directive(line.substr(0, c_directive_length(line)));
  emitter_.emit(kinds::SyntaxError, {source_, *at, *at + directive.name_end},
                fmt::format("'#{}' has no '#endif'", directive.name));
}

}  // namespace sonde::parser
