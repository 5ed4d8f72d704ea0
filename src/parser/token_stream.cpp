#include "parser/token_stream.h"

#include <algorithm>

#include "builtins/tables.h"

namespace sonde::parser {

using Code = Grammar::token;
using Kind = Grammar::symbol_kind;

namespace {

bool is_left_brace(SymbolKind kind) {
  return kind == Kind::S_LBRACE || kind == Kind::S_EXPRESSION_BRACE;
}

bool ends_statement(SymbolKind kind) {
  return is_left_brace(kind) || kind == Kind::S_RBRACE || kind == Kind::S_SEMICOLON ||
         kind == Kind::S_YYEMPTY;
}

}  // namespace

Symbol TokenStream::next() {
  if (recovering_) return resync();
  if (pending_) {
    Symbol token = std::move(*pending_);
    pending_.reset();
    return token;
  }
  kept_in_a_row_ = 0;
  Symbol token = advance();
  if (token.kind() == Kind::S_YYerror) recovering_ = true;
  return token;
}

Symbol TokenStream::advance() {
  braces_before_ = lexer_.open_braces();
  predicate_before_ = lexer_.in_predicate();
  declaration_before_ = lexer_.in_declaration();
  history_[1] = history_[0];
  history_[0] = last_;
  Symbol token = lexer_.scan();
  last_ = {token.kind(), token.location};
  if (last_.kind == Kind::S_PREDICATE_OPEN) predicate_open_ = last_.location;
  if (ends_statement(history_[0].kind)) statement_start_ = last_;
  if (last_.kind == Kind::S_LPAREN && history_[0].kind == Kind::S_FOR) for_head_ = last_.location;
  const bool is_script = last_.location.begin != last_.location.end && last_.kind != Kind::S_C_PART;
  if (noted_ != nullptr && is_script) noted_->push_back(last_.location);
  return token;
}

void TokenStream::begin_recovery() { recovering_ = true; }

// Starts with the token that was not accepted, which may itself end what is to be skipped.
Symbol TokenStream::resync() {
  recovering_ = false;
  const diag::Location where = last_.location;
  const bool is_do =
      statement_start_.location.valid() && lexer_.text(statement_start_.location) == "do";
  lexer_.set_quiet(true);
  skip_for_head();
  lexer_.close_parentheses(braces_before_, where);
  const Place place{braces_before_, lexer_.brackets().size() - (is_left_brace(last_.kind) ? 1 : 0),
                    predicate_before_ && braces_before_ == 0, declaration_before_, is_do};
  Found found = may_keep(ends_here(place));
  while (found == Found::No) {
    static_cast<void>(advance());
    found = ends_here(place);
  }
  lexer_.set_quiet(false);
  if (place.braces == 0) lexer_.leave_top_construct();
  if (found == Found::Kept) pending_.emplace(again());
  return Grammar::make_RESYNC(where);
}

// `for (int i = 0; i < 10; i++)`: its semicolons end no statement.
void TokenStream::skip_for_head() {
  const auto is_open = [this] {
    return std::ranges::any_of(lexer_.brackets(), [this](const Lexer::Bracket& bracket) {
      return bracket.open == '(' && for_head_.valid() && bracket.location.begin == for_head_.begin;
    });
  };
  const std::size_t braces = braces_before_;
  while (is_open() && lexer_.open_braces() == braces && last_.kind != Kind::S_YYEOF &&
         !(last_.kind == Kind::S_YYerror && lexer_.missing_braces() > 0)) {
    static_cast<void>(advance());
  }
}

// The last token once more.
Symbol TokenStream::again() const {
  if (last_.kind == Kind::S_ATTACH_POINT) {
    return Grammar::make_ATTACH_POINT(Word{lexer_.text(last_.location), last_.location},
                                      last_.location);
  }
  return {is_left_brace(last_.kind) ? Code::LBRACE : static_cast<TokenCode>(last_.kind),
          last_.location};
}

bool TokenStream::last_is_made_up() const {
  return last_.kind == Kind::S_RBRACE && last_.location.begin == last_.location.end;
}

// A token that is handed out again and again without being taken is skipped in the end: whatever the parser's and the
// lexer's views of the brackets are, there is progress.
TokenStream::Found TokenStream::may_keep(Found found) {
  if (found != Found::Kept || last_.kind == Kind::S_YYEOF) return found;
  return ++kept_in_a_row_ <= 3 ? found : Found::No;
}

TokenStream::Found TokenStream::ends_here(const Place& place) {
  if (last_.kind == Kind::S_YYEOF || last_is_made_up()) return Found::Kept;
  if (last_.kind == Kind::S_YYerror && lexer_.missing_braces() > 0) {
    // The lexer has met the next probe. Only the braces that the parser has seen are to be closed.
    lexer_.set_missing_braces(place.braces);
    return Found::Consumed;
  }
  if (place.braces > 0) return ends_in_code(place);
  return place.predicate ? ends_in_predicate() : ends_on_top(place);
}

TokenStream::Found TokenStream::ends_in_code(const Place& place) {
  const std::size_t braces = lexer_.open_braces();
  // What follows an `else` belongs to the wrong `if`.
  if (last_.kind == Kind::S_SEMICOLON && braces == place.braces && !lexer_.next_word_is("else")) {
    lexer_.close_parentheses(place.braces, {});
    return Found::Consumed;
  }
  if (last_.kind != Kind::S_RBRACE) return Found::No;
  if (braces < place.braces) return Found::Kept;
  // A whole block of the wrong statement has been skipped.
  const bool whole = braces == place.braces && lexer_.brackets().size() == place.brackets;
  const bool goes_on = lexer_.next_word_is("else") || lexer_.next_continues_expression() ||
                       (place.is_do && lexer_.next_word_is("while"));
  return whole && !goes_on ? Found::Consumed : Found::No;
}

TokenStream::Found TokenStream::ends_in_predicate() {
  if (last_.kind == Kind::S_PREDICATE_CLOSE) return Found::Consumed;
  return is_left_brace(last_.kind) && lexer_.open_braces() == 1 ? Found::Kept : Found::No;
}

// A ';' ends nothing: statements that stand outside of a probe are one mistake.
TokenStream::Found TokenStream::ends_on_top(const Place& place) {
  if (lexer_.open_braces() > 0) return Found::No;
  if (last_.kind == Kind::S_RBRACE || (last_.kind == Kind::S_SEMICOLON && place.declaration))
    return Found::Consumed;
  if (last_.kind != Kind::S_ATTACH_POINT || !lexer_.at_line_start(last_.location)) return Found::No;
  const std::string_view text = lexer_.text(last_.location);
  const bool known = builtins::find_probe_kind(text.substr(0, text.find(':'))) != nullptr;
  return known ? Found::Kept : Found::No;
}

}  // namespace sonde::parser
