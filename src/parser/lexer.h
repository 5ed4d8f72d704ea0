// Text -> tokens. lexer.l recognises patterns; this class knows where in the script it is and makes the tokens.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "diag/emitter.h"
#include "parser/conditionals.h"
#include "parser/grammar.tab.h"

namespace sonde::parser {

using Symbol = Grammar::symbol_type;
using TokenCode = Grammar::token_kind_type;
using SymbolKind = Grammar::symbol_kind_type;

class Lexer {
 public:
  enum class Mode : std::uint8_t {
    Top,         // Between probes: attach points and keywords of the preamble.
    Code,        // Predicates, bodies, the config block, map declarations.
    Definition,  // Inside a construct that is skipped.
    Skipped,     // Inside a part that `#if` and its kin leave out.
    Rest,        // Nothing more is understood; everything up to the end is skipped.
  };
  struct Bracket {
    char open;
    diag::Location location;
  };

  // Tokens refer to `text`, which must outlive them.
  Lexer(std::string_view text, std::uint32_t source, diag::Emitter& emitter,
        Conditionals conditionals = Conditionals());
  ~Lexer();
  Lexer(const Lexer&) = delete;
  Lexer& operator=(const Lexer&) = delete;

  // The next token. Errors inside of tokens are reported; where the parser cannot go on the token is YYerror.
  Symbol scan();

  // --- where the lexer is, after the last token ---
  [[nodiscard]] const std::vector<Bracket>& brackets() const { return brackets_; }
  [[nodiscard]] std::size_t open_braces() const { return braces_; }
  [[nodiscard]] bool in_predicate() const { return in_predicate_; }
  [[nodiscard]] bool in_declaration() const { return in_declaration_; }
  // The innermost '(' or '[' that was open when a '}' or the end closed what is around it.
  [[nodiscard]] const Bracket* unclosed() const {
    return unclosed_.open != 0 ? &unclosed_ : nullptr;
  }
  [[nodiscard]] std::string_view text(const diag::Location& where) const;
  [[nodiscard]] bool at_line_start(const diag::Location& where) const;
  [[nodiscard]] bool next_word_is(std::string_view word) const;
  // What follows cannot begin a statement: `= 1`, `)`, `.x`.
  [[nodiscard]] bool next_continues_expression() const;
  // True if the text at `offset` begins a line and is a probe of a known kind.
  [[nodiscard]] bool is_probe_line(std::size_t offset) const;
  [[nodiscard]] std::uint32_t source() const { return source_; }

  // --- for recovery from errors ---
  // Drops the brackets above the innermost `braces` open braces, except one at `keep`.
  void close_parentheses(std::size_t braces, const diag::Location& keep);
  // The predicate or map declaration that was wrong has been skipped.
  void leave_top_construct();
  // Number of '}' that scan() will hand out because the script lacks them.
  [[nodiscard]] std::size_t missing_braces() const { return missing_braces_; }
  void set_missing_braces(std::size_t count) { missing_braces_ = count; }
  // While set, wrong characters and the like are skipped without a report.
  void set_quiet(bool quiet) { quiet_ = quiet; }
  // Further errors would only follow from what has been reported: everything up to the end is skipped.
  void give_up();
  [[nodiscard]] bool gave_up() const { return gave_up_; }
  // True if a missing '}' at the end follows from what has been reported.
  [[nodiscard]] bool lost_brace() const { return lost_brace_; }

  // --- for the actions of lexer.l; the current token is text_ at here_ ---
  [[nodiscard]] Mode mode() const { return mode_; }
  void begin(const char* text, int length);
  Symbol simple(TokenCode code) { return {code, here_}; }
  Symbol operator_assign(ast::BinaryOp op) { return Grammar::make_ASSIGN_OPERATOR(op, here_); }
  Symbol word();
  Symbol attach_point();
  Symbol variable() { return Grammar::make_VARIABLE(Word{text_, here_}, here_); }
  Symbol map() { return Grammar::make_MAP(Word{text_, here_}, here_); }
  Symbol integer();
  Symbol string();
  Symbol single_quoted();
  Symbol parameter();
  Symbol left_brace();
  Symbol slash();
  Symbol end();
  Symbol unterminated_string();
  Symbol invalid_character();
  void unterminated_comment();
  // True for `kprobe:` and the like at the start of a line inside of a body: a '}' is missing.
  [[nodiscard]] bool starts_next_probe() const;
  Symbol missing_brace();
  [[nodiscard]] bool is_qualifier() const;
  [[nodiscard]] bool is_misspelt_else_if() const;
  Symbol misspelt_else_if();
  // Pieces of C (lexer_c.cpp). The length() functions make the current token as long as they say.
  int c_line_length();
  int c_definition_length();
  // True if the line is for the C compiler; see Conditionals for the others.
  bool c_line();
  void c_definition();
  Symbol c_part();
  void begin_definition();
  void definition_brace(bool open);
  void definition_semicolon();

 private:
  Symbol scan_token();
  void track(const Symbol& token);
  void push(char open, const diag::Location& where);
  void close(char open);
  void close_brace();
  void update_mode() {
    const bool code = braces_ > 0 || in_predicate_ || in_declaration_ || in_macro_head_;
    mode_ = code ? Mode::Code : Mode::Top;
  }
  [[nodiscard]] bool closes_predicate() const;
  [[nodiscard]] bool is_pointer_type() const;
  [[nodiscard]] bool is_cast() const;
  void cut(std::size_t length);
  void report_open_conditional();
  [[nodiscard]] std::string_view rest() const;  // What follows the current token.
  Symbol error_token() { return Grammar::make_YYerror(here_); }

  std::string_view script_;
  std::string
      buffer_;  // Flex's own copy, with the two NULs that it wants; it writes into it while it scans.
  std::uint32_t source_;
  diag::Emitter& emitter_;
  void* flex_ = nullptr;  // yyscan_t

  std::string_view text_;
  diag::Location here_;
  SymbolKind previous_ = Grammar::symbol_kind::S_YYEMPTY;
  SymbolKind before_previous_ = Grammar::symbol_kind::S_YYEMPTY;

  Mode mode_ = Mode::Top;
  std::vector<Bracket> brackets_;
  std::size_t braces_ = 0;
  Bracket unclosed_{};
  bool in_predicate_ = false;
  bool in_declaration_ = false;  // `let @map = ...;`
  bool in_macro_head_ = false;   // `macro name(...)`
  std::size_t definition_depth_ = 0;
  Conditionals conditionals_;
  ast::CPart c_part_;
  std::set<std::string, std::less<>>
      typedefs_;  // Names that the script's own definitions make types.
  std::size_t missing_braces_ = 0;
  bool lost_brace_ = false;  // A '}' lies inside of a broken string.
  bool quiet_ = false;
  bool gave_up_ = false;
};

// The first position in `text` at or behind `at` that is neither white space nor inside of a comment.
[[nodiscard]] std::size_t skip_blank(std::string_view text, std::size_t at);

}  // namespace sonde::parser
