// Hands the tokens of a script to a Layout one after the other, with the comments that stand between them. Whatever the
// caller believes about the script's structure, every token and every comment comes out once and in order.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ast/layout.h"
#include "diag/source.h"

namespace sonde::ast {

class TokenWriter {
 public:
  // What stands between the last token and the next.
  enum class Gap : std::uint8_t {
    None,
    Space,
    Fill,        // A space where the line may end, see Layout::Break.
    Tight,       // The same.
    Consistent,  // The same.
    Line,        // A new line.
    First,       // A new line behind a '{': no empty line.
    Next,        // A new line, and an empty one if the script has any.
    Apart,       // A new line behind an empty one.
  };

  TokenWriter(std::string_view text, std::span<const diag::Location> tokens, Layout& layout)
      : text_(text), tokens_(tokens), layout_(layout) {}

  // --- what comes ---
  [[nodiscard]] bool at_end() const { return next_ == tokens_.size(); }
  // The text of the next token, empty at the end.
  [[nodiscard]] std::string_view peek(std::size_t ahead = 0) const;
  // Where it begins; behind everything at the end.
  [[nodiscard]] std::uint32_t position() const;
  // Where the bracket ends that closes the next token, 0 if it is not '('.
  [[nodiscard]] std::uint32_t matching_end() const;
  [[nodiscard]] bool has_comments() const;

  // --- what is written ---
  // Prints the next token; nothing at the end.
  void take();
  void gap(Gap gap) { gap_ = gap; }
  void take(Gap before) {
    gap(before);
    take();
  }
  // Prints the comments before the next token now, so that they belong to the group that is open now. `closing`: the token
  // is the '}' of this group.
  void comments(bool closing = false);
  // What stands before the next token is printed outside of the group.
  void open(Layout::Indent indent);
  // What stands before the next token is printed as a part of the group.
  void open_inside(Layout::Indent indent) {
    layout_.open(indent);
    ++depth_;
  }
  void close() {
    layout_.close();
    --depth_;
  }

 private:
  enum class Kind : std::uint8_t {
    Line,   // "//...".
    Block,  // "/*...*/".
    Word,   // A word that the lexer leaves out: "const".
    Raw,    // A line that is not for the parser: "#...".
  };
  struct Piece {
    Kind kind;
    std::string_view text;
    std::size_t newlines = 0;  // Before it.
    bool ends_line = false;    // No token follows on the same line.
  };

  [[nodiscard]] std::string_view between_tokens() const;
  void split(std::string_view text, bool on_top);
  void write(const Piece& piece, bool closing);
  void write_on_its_own(const Piece& piece, bool same_line);
  void write_before_token(const Piece& piece);
  void write_lines(std::string_view comment);
  void write_verbatim(std::string_view text);
  [[nodiscard]] bool looks_like_probe() const;
  void write_gap(std::size_t newlines, char next);
  void write_gap_before_token();
  [[nodiscard]] bool separates_statements() const { return gap_ >= Gap::First; }

  std::string_view text_;
  std::span<const diag::Location> tokens_;
  Layout& layout_;
  std::size_t next_ = 0;
  Gap gap_ = Gap::None;
  std::size_t depth_ = 0;  // Open groups.
  bool is_begin_ = true;   // Nothing has been printed.
  char last_ = ' ';        // What has been printed last.
  // What stands before the next token, once it has been looked at.
  std::vector<Piece> pieces_;
  std::size_t newlines_ = 0;  // Behind the last of them.
  std::size_t looked_at_ = SIZE_MAX;
};

}  // namespace sonde::ast
