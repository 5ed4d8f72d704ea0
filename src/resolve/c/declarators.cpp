// The second part of a declaration: pointers, names, arrays and functions. Also the tokens, and whole definitions.
#include <fmt/format.h>

#include <limits>

#include "resolve/c/parser.h"

namespace sonde::resolve::c {

namespace kinds = diag::kinds;

namespace {

constexpr int kMaxDepth = 100;

}  // namespace

Parser::Parser(Scope& scope, diag::Emitter& emitter, std::vector<Token> tokens, const Location& end)
    : scope_(scope), emitter_(&emitter), tokens_(std::move(tokens)) {
  end_.location = end;
}

// --- tokens ---

const Token& Parser::peek(std::size_t ahead) const {
  return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : end_;
}

bool Parser::take(std::string_view text) {
  if (!at(text)) return false;
  ++at_;
  return true;
}

Token Parser::next() {
  Token token = peek();
  if (at_ < tokens_.size()) ++at_;
  return token;
}

bool Parser::expect(std::string_view text, const std::string& where) {
  if (take(text)) return true;
  syntax(peek().location, fmt::format("expected '{}' {}, found {}", text, where, found()));
  return false;
}

std::string Parser::found() const {
  if (at_ >= tokens_.size()) return "the end of the definition";
  return fmt::format("'{}'", peek().text());
}

void Parser::syntax(const Location& where, const std::string& text, const std::string& hint) {
  if (!ok()) return;
  if (peek().is("#")) return not_plain();
  wrong(kinds::SyntaxError, where, text).hint(hint);
}

bool Parser::enter() {
  if (++depth_ <= kMaxDepth) return true;
  syntax(peek().location, "this is nested too deeply");
  return false;
}

std::size_t Parser::closing(std::size_t open) const {
  int depth = 0;
  for (std::size_t i = open; i < tokens_.size(); ++i) {
    if (tokens_[i].is("(") || tokens_[i].is("[") || tokens_[i].is("{")) ++depth;
    if ((tokens_[i].is(")") || tokens_[i].is("]") || tokens_[i].is("}")) && --depth == 0) return i;
  }
  return tokens_.size();
}

// --- definitions ---

Outcome Parser::definition() {
  const bool is_typedef = take("typedef");
  const Specifiers base = specifiers();
  bool has_names = false;
  while (ok() && at_ < tokens_.size() && !at(";")) {
    Attributes attributes = base.attributes;
    const Declared declared = declarator(base.type, attributes);
    while (ok() && qualifier(attributes)) {
    }
    if (!ok()) break;
    if (declared.name.empty()) {
      syntax(peek().location, fmt::format("expected a name, found {}", found()));
    } else if (!is_typedef) {
      syntax(declared.location,
             fmt::format("expected ';' after the definition, found '{}'", declared.name),
             "a script has no variables of C");
    } else if (attributes.aligned != 0 || attributes.packed) {
      not_plain();
    } else {
      declare_typedef(declared);
    }
    has_names = true;
    if (!take(",")) break;
  }
  if (!ok()) return outcome_;
  if (is_typedef && !has_names) {
    syntax(peek().location, fmt::format("expected the name of the typedef, found {}", found()));
  } else if (!take(";") && (is_typedef || at_ < tokens_.size())) {
    syntax(peek().location, fmt::format("expected ';' after the definition, found {}", found()));
  }
  return outcome_;
}

void Parser::declare_typedef(const Declared& declared) {
  const auto [slot, is_new] = scope_.typedefs.try_emplace(
      std::string(declared.name), Scope::Typedef{declared.type, declared.location});
  if (is_new) {
    // A record without a tag is called by its typedef, as in the kernel's type information.
    const Type& type = *declared.type.type;
    if (type.is_record() && type.record()->name.empty()) type.record()->name = declared.name;
    return;
  }
  const CType& first = slot->second.type;
  const bool same = first.is_function == declared.type.is_function &&
                    types::same_definition(*first.type, *declared.type.type);
  if (same) return;
  wrong(kinds::DuplicateDeclaration, declared.location, std::string(declared.name))
      .note(slot->second.location, "it is another type here");
}

// --- declarators ---

CType Parser::pointers(CType base, bool user) {
  while (ok() && take("*")) {
    Attributes own;
    const types::AddressSpace space =
        user ? types::AddressSpace::User : types::AddressSpace::Unknown;
    base = Scope::sized(scope_.types.pointer(base.type, space));
    while (ok() && qualifier(own)) {
    }
    user = own.user;
  }
  return base;
}

// A '(' that holds the declarator and not parameters.
bool Parser::groups() {
  if (!at("(")) return false;
  const Token& inner = peek(1);
  return inner.is("*") || inner.is("(") || inner.is("__attribute__") || inner.is("[") ||
         (inner.is_identifier() && !begins_type(inner));
}

Parser::Declared Parser::declarator(CType base, const Attributes& attributes) {
  Declared declared;
  declared.location = peek().location;
  if (!enter()) return declared;
  base = pointers(base, attributes.user);
  if (ok() && groups()) {
    // What is behind the ')' belongs to the type that the inner declarator starts with.
    const std::size_t inner = at_ + 1;
    const std::size_t close = closing(at_);
    at_ = std::min(close + 1, tokens_.size());
    const CType outer = suffixes(base);
    const std::size_t end = at_;
    at_ = inner;
    if (ok()) declared = declarator(outer, {});
    if (ok() && expect(")", "after the name")) at_ = end;
  } else if (ok()) {
    Attributes ignored;
    while (ok() && qualifier(ignored)) {
    }
    declared.location = peek().location;
    if (peek().is_identifier()) declared.name = next().text();
    declared.type = suffixes(base);
  }
  leave();
  return declared;
}

CType Parser::suffixes(CType base) {
  if (!ok()) return base;
  if (at("(")) {
    const std::size_t close = closing(at_);
    if (close >= tokens_.size()) {
      syntax(peek().location, "this '(' is not closed");
      return base;
    }
    at_ = close + 1;
    return {scope_.types.function_type(), 0, 1, true};
  }
  return at("[") ? array(base) : base;
}

CType Parser::array(CType base) {
  const Location open = next().location;
  if (!enter()) return base;
  std::uint64_t count = 0;
  if (!at("]")) {
    const Location where = peek().location;
    const auto value = wanted_constant("the size of an array");
    if (!value) return base;
    if (value->negative()) {
      wrong(kinds::InvalidMember, where,
            fmt::format("an array cannot have {} elements", value->value()));
      return base;
    }
    count = value->bits;
  }
  if (!expect("]", "after the size of the array")) return base;
  const CType element = suffixes(base);
  leave();
  if (!ok()) return base;
  if (element.is_function || element.type->is_void() || !scope_.is_complete(*element.type)) {
    wrong(kinds::IncompleteType, open, element.type->name())
        .hint("an array can hold pointers to it");
    return base;
  }
  constexpr std::uint64_t kMaxBytes = types::kMaxArrayBytes;
  if (count > kMaxBytes || element.size * count > kMaxBytes) {
    wrong(kinds::TypeTooLarge, open, "this array", element.size * count, kMaxBytes);
    return base;
  }
  const Type* type = scope_.types.array(element.type, static_cast<std::uint32_t>(count),
                                        element.is_wide_character);
  return {type, element.size * count, element.alignment, false};
}

// `struct x *`, as in casts and sizeof.
CType Parser::type_name() {
  const Specifiers base = specifiers();
  if (!ok()) return base.type;
  return declarator(base.type, base.attributes).type;
}

}  // namespace sonde::resolve::c
