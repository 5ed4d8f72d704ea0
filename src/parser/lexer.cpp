// Where the lexer is: brackets, modes, constructs that are skipped. The texts of tokens are read in lexer_tokens.cpp.
#include "parser/lexer.h"

#include <algorithm>

#include "builtins/tables.h"
#include "parser/lexer.lex.h"

sonde::parser::Symbol sonde_lexer_scan(sonde::parser::Lexer& lexer, yyscan_t yyscanner);

namespace sonde::parser {

namespace kinds = diag::kinds;
using Code = Grammar::token;
using Kind = Grammar::symbol_kind;

namespace {

// Open brackets; what the tree may be high is bounded by the Builder.
constexpr std::size_t kMaxBrackets = 200;

constexpr std::string_view kSpace = " \t\r\n\f\v";
constexpr std::string_view kLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

bool is_space(char c) { return kSpace.find(c) != std::string_view::npos; }

// Probes whose name has no ':'.
bool is_without_pieces(std::string_view word) {
  static constexpr std::string_view kWords[] = {"BEGIN", "END", "begin", "end"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

}  // namespace

Lexer::Lexer(std::string_view text, std::uint32_t source, diag::Emitter& emitter,
             Conditionals conditionals)
    : script_(text), buffer_(text), source_(source), emitter_(emitter),
      conditionals_(std::move(conditionals)) {
  buffer_.append(2, '\0');
  sonde_lexer_lex_init(&flex_);
  sonde_lexer__scan_buffer(buffer_.data(), buffer_.size(), flex_);
}

Lexer::~Lexer() { sonde_lexer_lex_destroy(flex_); }

Symbol Lexer::scan() {
  if (missing_braces_ > 0) {
    --missing_braces_;
    return {Code::RBRACE, here_};
  }
  if (emitter_.error_count() >= kMaxErrors) give_up();
  Symbol token = sonde_lexer_scan(*this, flex_);
  track(token);
  if (brackets_.size() > kMaxBrackets) {
    emitter_.emit(kinds::SyntaxError, token.location, "brackets are nested too deeply")
        .hint(
            fmt::format("at most {} levels are possible; split it with a variable", kMaxBrackets));
    give_up();
    return end();
  }
  before_previous_ = previous_;
  previous_ = token.kind();
  return token;
}

void Lexer::begin(const char* text, int length) {
  here_.source = source_;
  here_.begin = static_cast<std::uint32_t>(text - buffer_.data());
  here_.end = here_.begin + static_cast<std::uint32_t>(length);
  text_ = script_.substr(here_.begin, static_cast<std::size_t>(length));
}

std::string_view Lexer::text(const diag::Location& where) const {
  return script_.substr(where.begin, where.end - where.begin);
}

std::string_view Lexer::rest() const { return script_.substr(here_.end); }

bool Lexer::at_line_start(const diag::Location& where) const {
  const std::string_view before = script_.substr(0, where.begin);
  const std::size_t last = before.find_last_not_of(" \t");
  return last == std::string_view::npos || before[last] == '\n';
}

bool Lexer::next_word_is(std::string_view word) const {
  const std::string_view after = rest();
  const std::size_t start = std::min(after.find_first_not_of(kSpace), after.size());
  return after.substr(start, after.find_first_not_of(kLetters, start) - start) == word;
}

bool Lexer::next_continues_expression() const {
  const std::string_view after = rest();
  const std::size_t start = after.find_first_not_of(kSpace);
  return start != std::string_view::npos &&
         std::string_view("=)],.?:").find(after[start]) != std::string_view::npos;
}

bool Lexer::is_probe_line(std::size_t offset) const {
  const auto begin = static_cast<std::uint32_t>(offset);
  if (!at_line_start({source_, begin, begin})) return false;
  const std::string_view text = script_.substr(offset);
  const std::string_view word = text.substr(0, text.find_first_not_of(kLetters));
  const std::string_view after = text.substr(word.size());
  const bool has_pieces = after.size() > 1 && after[0] == ':' && !is_space(after[1]);
  const bool complete = is_without_pieces(word);
  if (!has_pieces && !complete) return false;
  const std::size_t next = has_pieces ? 0 : skip_blank(after, 0);
  if (!has_pieces && (next == after.size() || (after[next] != '{' && after[next] != '/')))
    return false;
  return builtins::find_probe_kind(word) != nullptr;
}

void Lexer::give_up() {
  gave_up_ = true;
  mode_ = Mode::Rest;
}

// --- brackets and modes ---

void Lexer::track(const Symbol& token) {
  switch (token.kind()) {
    case Kind::S_LBRACE:
    case Kind::S_EXPRESSION_BRACE:
      push('{', token.location);
      in_macro_head_ = false;
      break;
    case Kind::S_LPAREN: push('(', token.location); break;
    case Kind::S_LBRACKET: push('[', token.location); break;
    case Kind::S_RPAREN: close('('); break;
    case Kind::S_RBRACKET: close('['); break;
    case Kind::S_RBRACE: close_brace(); break;
    case Kind::S_PREDICATE_OPEN: in_predicate_ = true; break;
    case Kind::S_PREDICATE_CLOSE:
      in_predicate_ = false;
      close_parentheses(braces_, {});
      break;
    case Kind::S_LET: in_declaration_ |= mode_ == Mode::Top; break;
    case Kind::S_MACRO: in_macro_head_ = true; break;
    case Kind::S_SEMICOLON: in_declaration_ &= braces_ > 0; break;
    default: return;
  }
  if (mode_ != Mode::Rest) update_mode();
}

void Lexer::push(char open, const diag::Location& where) {
  unclosed_ = {};
  if (open == '{') ++braces_;
  brackets_.push_back({open, where});
}

// An unmatched closing bracket is the parser's to report; here it changes nothing.
void Lexer::close(char open) {
  for (std::size_t i = brackets_.size(); i > 0 && brackets_[i - 1].open != '{'; --i) {
    if (brackets_[i - 1].open == open) {
      brackets_.resize(i - 1);
      return;
    }
  }
}

void Lexer::close_brace() {
  unclosed_ = {};
  while (!brackets_.empty()) {
    const Bracket last = brackets_.back();
    brackets_.pop_back();
    if (last.open == '{') {
      --braces_;
      return;
    }
    if (unclosed_.open == 0) unclosed_ = last;
  }
}

void Lexer::close_parentheses(std::size_t braces, const diag::Location& keep) {
  std::size_t base = 0;
  for (std::size_t seen = 0; base < brackets_.size() && seen < braces; ++base) {
    seen += brackets_[base].open == '{' ? 1 : 0;
  }
  const auto dropped = [&](const Bracket& bracket) {
    return bracket.open != '{' && bracket.location.begin != keep.begin;
  };
  brackets_.erase(std::remove_if(brackets_.begin() + static_cast<std::ptrdiff_t>(base),
                                 brackets_.end(), dropped),
                  brackets_.end());
}

void Lexer::leave_top_construct() {
  in_predicate_ = false;
  in_declaration_ = false;
  in_macro_head_ = false;
  if (mode_ != Mode::Rest) update_mode();
}

// --- the next probe inside of a body ---

bool Lexer::starts_next_probe() const {
  if (in_predicate_ || previous_ == Kind::S_QUESTION || (braces_ == 0 && !in_declaration_))
    return false;
  // `BEGIN { ... END { ... }` on one line: nothing in code looks like that.
  const std::string_view after = rest();
  const std::size_t next = skip_blank(after, 0);
  if (is_without_pieces(text_) && next < after.size() && after[next] == '{') return true;
  return is_probe_line(here_.begin);
}

Symbol Lexer::missing_brace() {
  here_.end = here_.begin + static_cast<std::uint32_t>(text_.size());
  if (!quiet_) {
    auto report =
        emitter_.emit(kinds::SyntaxError, here_,
                      fmt::format("expected '{}' before the next probe", braces_ > 0 ? '}' : ';'));
    const auto open = std::find_if(brackets_.rbegin(), brackets_.rend(),
                                   [](const Bracket& b) { return b.open == '{'; });
    if (open != brackets_.rend()) report.note(open->location, "this '{' is not closed");
  }
  Symbol result = error_token();
  here_.end = here_.begin;
  missing_braces_ = braces_;
  brackets_.clear();
  braces_ = 0;
  in_declaration_ = false;
  in_macro_head_ = false;
  mode_ = Mode::Top;
  return result;
}

// --- constructs that are skipped ---

void Lexer::begin_definition() {
  const std::string_view word = text_.substr(0, text_.find_first_of(kSpace));
  diag::Location where = here_;
  where.end = where.begin + static_cast<std::uint32_t>(word.size());
  emitter_.emit(kinds::UnsupportedFeature, where, fmt::format("'{}'", word));
  definition_depth_ = 0;
  mode_ = Mode::Definition;
}

void Lexer::definition_brace(bool open) {
  if (open) {
    ++definition_depth_;
    return;
  }
  if (definition_depth_ > 0) --definition_depth_;
  if (definition_depth_ == 0) mode_ = Mode::Top;
}

void Lexer::definition_semicolon() {
  if (definition_depth_ == 0) mode_ = Mode::Top;
}

}  // namespace sonde::parser
