// One definition of a script's C -> types in its scope. Recursive descent, with the layout computed on the way, as C wants
// it: what a definition holds has to be complete in front of it. Internal to resolve.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/c/scope.h"

namespace sonde::resolve::c {

enum class Outcome : std::uint8_t {
  Fine,
  Wrong,     // Reported.
  NotPlain,  // Only a C compiler understands it. Nothing has been reported.
};

class Parser {
 public:
  Parser(Scope& scope, diag::Emitter& emitter, std::vector<Token> tokens, const Location& end);

  // A whole definition, or a declaration such as `struct node;`.
  Outcome definition();
  // All tokens as a constant expression; nullopt if they are none. Nothing is reported.
  std::optional<Number> constant();

 private:
  struct Attributes {
    bool packed = false;
    std::uint32_t aligned = 0;
    bool user = false;  // `__user`
  };
  struct Declared {
    CType type;
    std::string_view name;  // Empty for an abstract declarator.
    Location location;
  };
  struct Specifiers {
    CType type;
    Attributes attributes;
    bool defines_anonymous = false;  // `struct { ... }` without a tag.
    std::string text;                // The words of a base type.
  };

  // --- tokens ---
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const;
  [[nodiscard]] bool at(std::string_view text) const { return peek().is(text); }
  bool take(std::string_view text);
  bool expect(std::string_view text, const std::string& where);
  Token next();
  [[nodiscard]] std::size_t closing(std::size_t open) const;
  [[nodiscard]] bool ok() const { return outcome_ == Outcome::Fine; }
  void not_plain() {
    if (ok()) outcome_ = Outcome::NotPlain;
  }
  template <class... Args>
  diag::Builder wrong(const diag::Kind<Args...>& kind, const Location& where,
                      const std::type_identity_t<Args>&... args) {
    outcome_ = Outcome::Wrong;
    return emitter_->emit(kind, where, args...);
  }
  void syntax(const Location& where, const std::string& text, const std::string& hint = {});
  [[nodiscard]] std::string found() const;
  // False, with a report, if the C is nested too deeply.
  bool enter();
  void leave() { --depth_; }

  // --- specifiers (specifiers.cpp) ---
  Specifiers specifiers();
  bool base_word(std::vector<std::string_view>& words);
  bool qualifier(Attributes& attributes);
  std::optional<CType> words_type(const std::vector<std::string_view>& words) const;
  std::optional<CType> typedef_name();
  void attributes(Attributes& out);
  void attribute(Attributes& out);
  [[nodiscard]] bool begins_type(const Token& token);
  CType tagged(Specifiers& out);
  CType mention(TagKind kind, std::string_view name, const Location& where);
  const Type* declare(TagKind kind, std::string_view name, const Location& where);
  void unknown_type(const Location& where, const std::string& name, std::string_view plain);

  // --- declarators (declarators.cpp) ---
  Declared declarator(CType base, const Attributes& attributes);
  CType pointers(CType base, bool user);
  CType suffixes(CType base);
  CType array(CType base);
  [[nodiscard]] bool groups();
  CType type_name();
  void declare_typedef(const Declared& declared);

  // --- bodies (records.cpp) ---
  CType record_body(TagKind kind, std::string_view name, const Location& where, Attributes& before);
  void member_declaration(std::vector<types::Member>& members, std::vector<Location>& places);
  void member(const Specifiers& base, std::vector<types::Member>& members,
              std::vector<Location>& places);
  void bit_field(types::Member& member, const Location& where);
  bool check_member(const Declared& declared, const CType& type);
  void check_members(const std::vector<types::Member>& members,
                     const std::vector<Location>& places);
  CType finish_record(TagKind kind, std::string_view name, const Location& where,
                      const std::vector<types::Member>& members,
                      const std::vector<Location>& places, const Attributes& attributes);
  CType enum_body(std::string_view name, const Location& where);
  bool enumerator(std::vector<std::pair<std::string, std::uint64_t>>& values, Number& next_value,
                  std::vector<std::string>& names);
  bool define_tag(TagKind kind, std::string_view name, const Location& where, const Type* type);

  // --- constant expressions (expressions.cpp) ---
  std::optional<Number> expression();
  std::optional<Number> binary(int least);
  std::optional<Number> unary();
  std::optional<Number> primary();
  std::optional<Number> cast();
  std::optional<Number> size_or_alignment(bool size);
  std::optional<Number> offset_of();
  std::optional<Number> named(const Token& name);
  // As above, with a report if it is none.
  std::optional<Number> wanted_constant(const std::string& what);

  Scope& scope_;
  diag::Emitter* emitter_;
  std::vector<Token> tokens_;
  Token end_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<std::pair<TagKind, std::string_view>> open_;  // Bodies being read.
  Outcome outcome_ = Outcome::Fine;
};

}  // namespace sonde::resolve::c
