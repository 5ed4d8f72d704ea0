// The tokens as the grammar gets them. After an error it skips to where the script makes sense again and hands out RESYNC,
// so that recovery follows the script's brackets and not the parser's states.
#pragma once

#include <optional>
#include <vector>

#include "parser/lexer.h"

namespace sonde::parser {

class TokenStream {
 public:
  struct Token {
    SymbolKind kind = Grammar::symbol_kind::S_YYEMPTY;
    diag::Location location;
  };

  TokenStream(std::string_view text, std::uint32_t source, diag::Emitter& emitter,
              Conditionals conditionals)
      : lexer_(text, source, emitter, std::move(conditionals)) {}

  // Tokens of the script are noted in `*tokens` from now on.
  void note_tokens(std::vector<diag::Location>* tokens) { noted_ = tokens; }

  Symbol next();
  // The parser does not accept the last token: the next one will be RESYNC.
  void begin_recovery();

  // True if the last token is a '}' that the script lacks.
  [[nodiscard]] bool last_is_made_up() const;

  // --- for messages ---
  [[nodiscard]] const Token& last() const { return last_; }
  // The tokens before the last one: previous(0) is next to it.
  [[nodiscard]] const Token& previous(std::size_t distance = 0) const { return history_[distance]; }
  // The first token of the statement, or of the construct between probes, that the last one belongs to.
  [[nodiscard]] const Token& statement_start() const { return statement_start_; }
  [[nodiscard]] const Lexer& lexer() const { return lexer_; }
  // Where the predicate that the last token belongs to begins; null outside of predicates.
  [[nodiscard]] const diag::Location* predicate() const {
    return predicate_before_ ? &predicate_open_ : nullptr;
  }

 private:
  enum class Found : std::uint8_t { No, Consumed, Kept };
  struct Place {
    std::size_t braces = 0;    // Open '{' at the error.
    std::size_t brackets = 0;  // Open brackets up to the innermost of them.
    bool predicate = false;
    bool declaration = false;  // `let @map = ...;`
    bool is_do = false;        // `do { ... } while (...);` of C.
  };

  Symbol advance();
  Symbol resync();
  void skip_for_head();
  [[nodiscard]] Symbol again() const;
  [[nodiscard]] Found ends_here(const Place& place);
  [[nodiscard]] Found may_keep(Found found);
  [[nodiscard]] Found ends_in_code(const Place& place);
  [[nodiscard]] Found ends_in_predicate();
  [[nodiscard]] Found ends_on_top(const Place& place);

  Lexer lexer_;
  Token last_;
  Token history_[2];
  Token statement_start_;
  diag::Location for_head_;        // The last '(' behind a `for`.
  std::size_t braces_before_ = 0;  // What the lexer's state was before the last token.
  bool predicate_before_ = false;
  bool declaration_before_ = false;
  diag::Location predicate_open_;
  bool recovering_ = false;
  std::optional<Symbol> pending_;
  int kept_in_a_row_ = 0;
  std::vector<diag::Location>* noted_ = nullptr;  // May be null.
};

}  // namespace sonde::parser
