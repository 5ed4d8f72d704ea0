#include "resolve/c/scope.h"

#include <algorithm>

#include "resolve/integer_names.h"

namespace sonde::resolve::c {
namespace {

using types::Record;

Record::Keyword record_keyword(TagKind kind) {
  return kind == TagKind::Union ? Record::Keyword::Union : Record::Keyword::Struct;
}

// More tokens than any definition has: a macro that doubles itself again and again.
constexpr std::size_t kMaxTokens = 100'000;

// The text that the macro stands for, "" if it is not one that can be replaced here.
const std::string* replacement(const Scope& scope, std::string_view name) {
  // The compiler has replaced what the script's own macros are made of, macros with parameters too.
  if (scope.headers != nullptr) {
    const auto found = scope.headers->macros.find(name);
    if (found != scope.headers->macros.end()) return &found->second;
  }
  const auto own = scope.macros.find(name);
  return own != scope.macros.end() && !own->second.has_parameters ? &own->second.text : nullptr;
}

class Expander {
 public:
  Expander(const Scope& scope, std::vector<Token>& out) : scope_(scope), out_(out) {}

  void add(std::string_view text, const Location& where, bool inside) {
    for (const CToken& token : c_tokens(text)) {
      const auto begin = where.begin + static_cast<std::uint32_t>(token.offset);
      const auto end = begin + static_cast<std::uint32_t>(token.text.size());
      one(token, inside ? where : Location{where.source, begin, end});
    }
  }

  void one(const CToken& token, const Location& where) {
    if (out_.size() > kMaxTokens) return;
    const std::string* text = token.is_identifier() ? replacement(scope_, token.text) : nullptr;
    const bool open = std::find(open_.begin(), open_.end(), token.text) != open_.end();
    if (text == nullptr || open) {
      out_.push_back({token, where});
      return;
    }
    open_.push_back(token.text);
    add(*text, where, true);
    open_.pop_back();
  }

 private:
  const Scope& scope_;
  std::vector<Token>& out_;
  std::vector<std::string_view>
      open_;  // Macros being replaced: a macro is not replaced inside of itself.
};

}  // namespace

std::string_view keyword_of(TagKind kind) {
  static constexpr std::string_view kKeywords[] = {"struct", "union", "enum"};
  return kKeywords[static_cast<std::size_t>(kind)];
}

bool Completion::complete(Record& record) {
  const Type* found =
      headers_ != nullptr ? headers_->find_record(record.name, record.keyword) : nullptr;
  const auto use = [&](const Type* type) {
    if (type == nullptr || type->record() == &record || !type->record()->complete()) return false;
    record.size = type->record()->size;
    record.alignment = types::c_alignment(*type);
    record.fields = type->record()->fields;
    return true;
  };
  return use(found) || use(view_.find_record(record.name, record.keyword));
}

const Type* Scope::find_own_tag(TagKind kind, std::string_view name) {
  const auto own = tags.find({kind, std::string(name)});
  if (own != tags.end()) return own->second.type;
  if (headers == nullptr) return nullptr;
  return kind == TagKind::Enum ? headers->find_enum(name)
                               : headers->find_record(name, record_keyword(kind));
}

const Type* Scope::find_tag(TagKind kind, std::string_view name) {
  if (const Type* own = find_own_tag(kind, name)) return own;
  return kind == TagKind::Enum ? view.find_enum(name)
                               : view.find_record(name, record_keyword(kind));
}

std::optional<CType> Scope::find_typedef(std::string_view name) {
  if (const auto own = typedefs.find(name); own != typedefs.end()) return own->second.type;
  if (const Type* type = headers != nullptr ? headers->find_typedef(name) : nullptr) {
    CType found = sized(type);
    found.is_wide_character = types::is_wide_character(name);
    return found;
  }
  if (const Type* type = integer_type(types, name)) {
    CType integer = sized(type);
    integer.is_wide_character = types::is_wide_character(name);
    return integer;
  }
  if (name == "bool") return sized(types.bool_type());
  if (const Type* type = view.find_typedef(name)) return sized(type);
  return std::nullopt;
}

std::optional<Number> Scope::find_constant(std::string_view name) {
  if (const auto own = constants.find(name); own != constants.end()) return own->second.number;
  auto found = headers != nullptr ? headers->find_enum_constant(name) : std::nullopt;
  if (!found) found = view.find_enum_constant(name);
  if (!found) return std::nullopt;
  return Number{found->value, found->type->bits() > 32, found->type->is_signed()};
}

CType Scope::sized(const Type* type) {
  return {type, type->size(), types::c_alignment(*type), false};
}

bool Scope::is_complete(const Type& type) const {
  if (type.is(types::TypeKind::Array)) return is_complete(*type.element());
  if (!type.is_record()) return true;
  Record& record = *type.record();
  const TagKind kind = record.keyword == Record::Keyword::Union ? TagKind::Union : TagKind::Struct;
  const bool is_later = record.source == &completion && defined_tags.contains({kind, record.name});
  return !is_later && record.complete();
}

std::vector<Token> expand(const Scope& scope, std::string_view text, const Location& where) {
  std::vector<Token> tokens;
  Expander(scope, tokens).add(text, where, false);
  return tokens;
}

std::vector<Token> expand_macro(const Scope& scope, std::string_view name, const Location& where) {
  std::vector<Token> tokens;
  CToken token;
  token.kind = CTokenKind::Identifier;
  token.text = name;
  Expander(scope, tokens).one(token, where);
  return tokens;
}

}  // namespace sonde::resolve::c
