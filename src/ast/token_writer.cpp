#include "ast/token_writer.h"

#include <algorithm>

#include "base/text.h"

namespace sonde::ast {

using Break = Layout::Break;

namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || c == '@' || c == '#';
}

// Two tokens that would become others if nothing stood between them.
bool must_be_apart(char last, char next) {
  if (is_word(last) && is_word(next)) return true;
  static constexpr std::string_view kPairs[] = {
      "++", "--", "->", "..", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
      "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "//", "/*", "*/"};
  const char both[] = {last, next};
  return std::find(std::begin(kPairs), std::end(kPairs), std::string_view(both, 2)) !=
         std::end(kPairs);
}

std::string_view without_trailing_space(std::string_view text) {
  const std::size_t last = text.find_last_not_of(kSpace);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// The end of the line at `text`, behind a '\' that continues it.
std::size_t end_of_line(std::string_view text, bool continued) {
  for (std::size_t at = 0;; ++at) {
    at = text.find('\n', at);
    if (at == std::string_view::npos) return text.size();
    if (!continued || at == 0 || text[at - 1] != '\\') return at;
  }
}

}  // namespace

std::string_view TokenWriter::peek(std::size_t ahead) const {
  if (next_ + ahead >= tokens_.size()) return {};
  const diag::Location& token = tokens_[next_ + ahead];
  return text_.substr(token.begin, token.end - token.begin);
}

std::uint32_t TokenWriter::position() const {
  return at_end() ? static_cast<std::uint32_t>(text_.size()) : tokens_[next_].begin;
}

std::string_view TokenWriter::between_tokens() const {
  const std::uint32_t begin = next_ == 0 ? 0 : tokens_[next_ - 1].end;
  return text_.substr(begin, position() - begin);
}

std::uint32_t TokenWriter::matching_end() const {
  std::size_t open = 0;
  for (std::size_t ahead = 0; next_ + ahead < tokens_.size(); ++ahead) {
    const std::string_view token = peek(ahead);
    if (token == "(") ++open;
    if (token == ")") --open;
    if (open == 0) return ahead == 0 ? 0 : tokens_[next_ + ahead].end;
  }
  return 0;
}

bool TokenWriter::has_comments() const {
  return between_tokens().find_first_not_of(kSpace) != std::string_view::npos;
}

// --- what the parser does not see ---

namespace {

// Whether the text between two items is C, or skipped by a conditional: `//` and the like mean nothing there.
class RawLines {
 public:
  [[nodiscard]] bool goes_on() const { return depth_ > 0 || in_conditional_; }
  void add(std::string_view line) {
    if (line.starts_with('#')) {
      const std::string_view name = trim(line.substr(1));
      if (name.starts_with("if")) in_conditional_ = true;
      if (name.starts_with("endif")) in_conditional_ = false;
      return;
    }
    for (const char c : line) {
      if (c == '{') ++depth_;
      if (c == '}' && depth_ > 0) --depth_;
    }
  }

 private:
  std::size_t depth_ = 0;
  bool in_conditional_ = false;
};

}  // namespace

void TokenWriter::split(std::string_view text, bool on_top) {
  pieces_.clear();
  RawLines raw;
  std::size_t at = 0;
  while (true) {
    const std::size_t begin = std::min(text.find_first_not_of(kSpace, at), text.size());
    const std::string_view space = text.substr(at, begin - at);
    newlines_ = static_cast<std::size_t>(std::count(space.begin(), space.end(), '\n'));
    if (begin == text.size()) break;
    const std::string_view rest = text.substr(begin);
    const bool is_directive = rest.front() == '#';
    Piece piece{Kind::Word, {}, newlines_};
    std::size_t length = rest.find_first_of(" \t\r\n\f\v/", 1);
    if (is_directive || raw.goes_on()) {
      piece.kind = Kind::Raw;
      length = end_of_line(rest, is_directive);
    } else if (rest.starts_with("//")) {
      piece.kind = Kind::Line;
      length = rest.find('\n');
    } else if (rest.starts_with("/*")) {
      piece.kind = Kind::Block;
      length = rest.find("*/", 2);
      if (length != std::string_view::npos) length += 2;
    } else if (on_top) {
      piece.kind = Kind::Raw;
      length = end_of_line(rest, false);
    }
    at = begin + std::min(length, rest.size());
    // Lines of C keep their indentation.
    const bool is_indented = piece.kind == Kind::Raw && !is_directive;
    const std::size_t first = is_indented ? space.rfind('\n') + 1 + begin - space.size() : begin;
    piece.text = without_trailing_space(text.substr(first, at - first));
    if (piece.kind == Kind::Raw && on_top) raw.add(piece.text);
    pieces_.push_back(piece);
  }
  bool ends_line = at_end() || newlines_ > 0;
  for (auto piece = pieces_.rbegin(); piece != pieces_.rend(); ++piece) {
    piece->ends_line = ends_line;
    ends_line |= piece->newlines > 0;
  }
}

void TokenWriter::comments(bool closing) {
  if (looked_at_ == next_) return;
  looked_at_ = next_;
  split(between_tokens(), depth_ == 0);
  const auto is_blank = [](const Piece& piece) { return piece.newlines > 1; };
  const bool has_blank = newlines_ > 1 || std::any_of(pieces_.begin(), pieces_.end(), is_blank);
  if (gap_ == Gap::Apart && !pieces_.empty() && has_blank) gap_ = Gap::Next;
  for (const Piece& piece : pieces_) {
    write(piece, closing);
    last_ = piece.text.back();
    is_begin_ = false;
  }
}

void TokenWriter::write(const Piece& piece, bool closing) {
  // A block of nothing but comments has them on lines of their own.
  const bool in_empty_block = closing && gap_ == Gap::First;
  const bool same_line =
      piece.newlines == 0 && !is_begin_ && piece.kind != Kind::Raw && !in_empty_block;
  const bool must_end = piece.kind == Kind::Line || piece.kind == Kind::Raw;
  if (must_end || (gap_ != Gap::None && (piece.ends_line || closing))) {
    write_on_its_own(piece, same_line);
  } else {
    write_before_token(piece);
  }
}

// At the end of a line, or on a line of its own. What follows stays on another line, unless it belongs to the last token.
void TokenWriter::write_on_its_own(const Piece& piece, bool same_line) {
  if (same_line) {
    if (piece.text.find('\n') == std::string_view::npos) {
      layout_.trailing(piece.text);
    } else {
      layout_.text(" ");
      write_lines(piece.text);
    }
    if (separates_statements()) return;
    gap_ = Gap::Line;
    return;
  }
  if (!is_begin_) {
    const bool blank = gap_ == Gap::Apart || (gap_ == Gap::Next && piece.newlines > 1);
    layout_.line_break(blank ? Break::Blank : Break::Hard, false);
  }
  write_lines(piece.text);
  gap_ = separates_statements() ? Gap::Next : Gap::Line;
}

void TokenWriter::write_before_token(const Piece& piece) {
  const bool glued = gap_ == Gap::None;
  const bool is_word = piece.kind == Kind::Word;
  if (glued && !is_word && last_ != '(' && last_ != '[') gap_ = Gap::Space;
  write_gap(piece.newlines, piece.text.front());
  write_lines(piece.text);
  const std::string_view token = peek();
  const bool closes = token == ")" || token == "]" || token == "," || token == ";";
  gap_ = glued && (is_word || closes) ? Gap::None : Gap::Space;
}

// The lines of a comment. Where each begins with a '*' they stand below the first one.
void TokenWriter::write_lines(std::string_view comment) {
  const std::vector<std::string_view> lines = sonde::split(comment, '\n');
  const bool has_stars = comment.starts_with("/*") &&
                         std::all_of(lines.begin() + 1, lines.end(), [](std::string_view line) {
                           return trim(line).starts_with('*');
                         });
  if (!has_stars) {
    write_verbatim(comment);
    return;
  }
  layout_.open(Layout::Indent::Align);
  layout_.text(without_trailing_space(lines.front()));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    layout_.line_break(Break::Hard, false);
    layout_.text(" ");
    layout_.text(trim(lines[i]));
  }
  layout_.close();
}

void TokenWriter::write_verbatim(std::string_view text) {
  bool is_first = true;
  for (const std::string_view line : sonde::split(text, '\n')) {
    if (!is_first) layout_.line_break(Break::Verbatim, false);
    layout_.text(without_trailing_space(line));
    is_first = false;
  }
}

// --- tokens ---

void TokenWriter::write_gap(std::size_t newlines, char next) {
  if (is_begin_) return;
  switch (gap_) {
    case Gap::None:
      if (!must_be_apart(last_, next)) return;
      layout_.text(" ");
      break;
    case Gap::Space: layout_.text(" "); break;
    case Gap::Fill: layout_.line_break(Break::Fill, true); break;
    case Gap::Tight: layout_.line_break(Break::Tight, true); break;
    case Gap::Consistent: layout_.line_break(Break::Consistent, true); break;
    case Gap::Line:
    case Gap::First: layout_.line_break(Break::Hard, false); break;
    case Gap::Next: layout_.line_break(newlines > 1 ? Break::Blank : Break::Hard, false); break;
    case Gap::Apart: layout_.line_break(Break::Blank, false); break;
  }
  last_ = ' ';
}

// `end / 2` and `begin {` at the beginning of a line are another probe, wherever they stand.
bool TokenWriter::looks_like_probe() const {
  static constexpr std::string_view kProbes[] = {"begin", "end", "BEGIN", "END"};
  const std::string_view after = peek(1);
  return (after == "{" || after == "/") &&
         std::find(std::begin(kProbes), std::end(kProbes), peek()) != std::end(kProbes);
}

void TokenWriter::write_gap_before_token() {
  if (at_end()) return;
  if (depth_ > 0 && gap_ > Gap::Space && gap_ != Gap::Line && looks_like_probe()) gap_ = Gap::Space;
  write_gap(newlines_, peek().front());
}

void TokenWriter::open(Layout::Indent indent) {
  comments();
  write_gap_before_token();
  gap_ = Gap::None;
  layout_.open(indent);
  ++depth_;
}

void TokenWriter::take() {
  comments();
  if (at_end()) return;
  write_gap_before_token();
  const std::string_view token = peek();
  write_verbatim(token);
  last_ = token.back();
  is_begin_ = false;
  gap_ = Gap::None;
  ++next_;
}

}  // namespace sonde::ast
