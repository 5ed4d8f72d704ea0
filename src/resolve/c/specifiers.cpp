// The first part of a declaration: words of base types, tags, typedef names, qualifiers and attributes.
#include <algorithm>

#include "base/text.h"
#include "resolve/c/parser.h"
#include "resolve/integer_names.h"

namespace sonde::resolve::c {

namespace kinds = diag::kinds;

namespace {

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

constexpr std::string_view kBaseWords[] = {
    "void",     "char",  "short",    "int",   "long",   "signed",   "__signed__",
    "unsigned", "_Bool", "__signed", "float", "double", "__int128",
};
constexpr std::string_view kQualifiers[] = {
    "const",
    "__const",
    "__const__",
    "volatile",
    "__volatile__",
    "__volatile",
    "__restrict",
    "restrict",
    "__restrict__",
    "__extension__",
    // Marks of kernel code for checkers.
    "__user",
    "__kernel",
    "__iomem",
    "__rcu",
    "__percpu",
    "__force",
    "__bitwise",
    "__nocast",
    "__counted_by_ptr",
};
// What only a compiler can make sense of.
constexpr std::string_view kCompilersOwn[] = {
    "typeof",        "__typeof__", "__typeof",    "_Alignas", "_Static_assert",
    "static_assert", "_Atomic",    "__auto_type", "static",   "inline",
    "extern",        "_Complex",   "asm",         "__asm__",
};
// They change neither size nor place.
constexpr std::string_view kHarmless[] = {
    "unused",
    "deprecated",
    "may_alias",
    "designated_init",
    "preserve_access_index",
    "nonstring",
    "btf_type_tag",
    "btf_decl_tag",
    "annotate_type",
    "noderef",
    "address_space",
    "warn_if_not_aligned",
    "counted_by",
    "warn_unused_result",
    "visibility",
    "nonnull",
    "noreturn",
    "format",
};

// `__packed__` is another spelling of `packed`.
std::string_view plain_name(std::string_view name) {
  if (name.size() > 4 && name.starts_with("__") && name.ends_with("__"))
    return name.substr(2, name.size() - 4);
  return name;
}

constexpr std::uint32_t kLargestAlignment = 16;  // aligned without a number.
constexpr std::uint64_t kMaxAlignment = 1U << 28;

}  // namespace

bool Parser::qualifier(Attributes& out) {
  const Token& token = peek();
  if (token.is("__attribute__") || token.is("__attribute")) {
    attributes(out);
    return true;
  }
  if (token.is("__packed") && scope_.macros.find("__packed") == scope_.macros.end()) {
    out.packed = true;
  } else if (!token.is_identifier() || !contains(kQualifiers, token.text())) {
    return false;
  }
  out.user |= token.is("__user");
  next();
  return true;
}

bool Parser::base_word(std::vector<std::string_view>& words) {
  if (!peek().is_identifier() || !contains(kBaseWords, peek().text())) return false;
  const std::string_view word = next().text();
  words.push_back(word.starts_with("__signed") ? "signed" : word);
  return true;
}

bool Parser::begins_type(const Token& token) {
  if (!token.is_identifier()) return false;
  return contains(kBaseWords, token.text()) || contains(kQualifiers, token.text()) ||
         token.is("struct") || token.is("union") || token.is("enum") ||
         scope_.find_typedef(token.text()).has_value();
}

// The words in any order: `long unsigned int` is `unsigned long int`.
std::optional<CType> Parser::words_type(const std::vector<std::string_view>& words) const {
  const auto count = [&](std::string_view word) {
    return std::count(words.begin(), words.end(), word);
  };
  types::Context& types = scope_.types;
  const auto integer = [&](std::uint32_t bits, bool is_signed) {
    return Scope::sized(types.integer(bits, is_signed));
  };
  const bool is_unsigned = count("unsigned") > 0;
  const auto size = static_cast<std::ptrdiff_t>(words.size());
  const auto longs = count("long");
  if (is_unsigned && count("signed") > 0) return std::nullopt;
  if (size == 1 && words[0] == "void") return CType{types.void_type(), 0, 1, false};
  if (size == 1 && words[0] == "_Bool") return Scope::sized(types.bool_type());
  if (size == 1 && words[0] == "float") return Scope::sized(types.floating(32));
  if (size == 1 && words[0] == "double") return Scope::sized(types.floating(64));
  // Of long double the bits.
  if (size == 2 && longs == 1 && count("double") == 1)
    return CType{types.array(types.integer(8, false), 16), 16, 16, false};
  const auto signs = count("unsigned") + count("signed");
  if (count("__int128") == 1 && size == 1 + signs)
    return CType{types.array(types.uint64(), 2), 16, 16, false};
  if (count("char") == 1 && size == 1 + signs) return integer(8, !is_unsigned);
  const auto rest = signs + count("int");
  if (signs > 1 || count("int") > 1) return std::nullopt;
  if (count("short") == 1 && size == 1 + rest) return integer(16, !is_unsigned);
  if ((longs == 1 || longs == 2) && size == longs + rest) return integer(64, !is_unsigned);
  return size == rest && size > 0 ? std::optional(integer(32, !is_unsigned)) : std::nullopt;
}

std::optional<CType> Parser::typedef_name() {
  if (!peek().is_identifier()) return std::nullopt;
  auto type = scope_.find_typedef(peek().text());
  if (type) next();
  return type;
}

Parser::Specifiers Parser::specifiers() {
  Specifiers out;
  std::vector<std::string_view> words;
  const Location begin = peek().location;
  std::optional<CType> type;
  while (ok()) {
    const bool is_tag = at("struct") || at("union") || at("enum");
    if (peek().is_identifier() && contains(kCompilersOwn, peek().text())) {
      not_plain();
    } else if (!type && words.empty() && is_tag) {
      type = tagged(out);
    } else if (!type && base_word(words)) {
      out.text += fmt::format("{}{}", out.text.empty() ? "" : " ", words.back());
    } else if (qualifier(out.attributes)) {
      continue;
    } else if (type || !words.empty() || !(type = typedef_name())) {
      break;
    }
  }
  if (!ok()) return out;
  if (!words.empty()) type = words_type(words);
  if (type) {
    out.type = *type;
  } else if (!words.empty()) {
    wrong(kinds::UnknownType, Location::join(begin, tokens_[at_ - 1].location), out.text);
  } else if (peek().is_identifier()) {
    const bool is_call = peek(1).is("(");
    if (is_call || scope_.macros.contains(peek().text())) {
      not_plain();
    } else {
      unknown_type(peek().location, std::string(peek().text()), peek().text());
    }
  } else {
    syntax(peek().location, fmt::format("expected a type, found {}", found()));
  }
  return out;
}

void Parser::unknown_type(const Location& where, const std::string& name, std::string_view plain) {
  std::vector<std::string> names = scope_.view.similar_types(plain);
  for (const auto& [key, tag] : scope_.tags) {
    names.push_back(fmt::format("{} {}", keyword_of(key.first), key.second));
  }
  for (const auto& [key, type] : scope_.typedefs) names.push_back(key);
  for (const auto& key : {"char", "short", "int", "long", "unsigned", "bool"})
    names.emplace_back(key);
  const auto prefixed = [&](TagKind kind) {
    return scope_.find_tag(kind, plain) != nullptr
               ? fmt::format("it is a {0}: write '{0} {1}'", keyword_of(kind), plain)
               : std::string();
  };
  std::string hint;
  for (const TagKind kind : {TagKind::Struct, TagKind::Union, TagKind::Enum}) {
    if (hint.empty() && name == plain) hint = prefixed(kind);
  }
  if (hint.empty()) hint = diag::did_you_mean(nearest(name, names));
  wrong(kinds::UnknownType, where, name).hint(hint);
}

// --- tags ---

CType Parser::tagged(Specifiers& out) {
  const TagKind kind = at("struct")  ? TagKind::Struct
                       : at("union") ? TagKind::Union
                                     : TagKind::Enum;
  const Location keyword = next().location;
  while (qualifier(out.attributes)) {
  }
  std::string_view name;
  Location where = keyword;
  if (peek().is_identifier()) {
    where = peek().location;
    name = next().text();
  }
  while (qualifier(out.attributes)) {
  }
  if (!at("{")) {
    if (name.empty()) {
      syntax(peek().location, fmt::format("expected a name or '{{' after '{}', found {}",
                                          keyword_of(kind), found()));
      return {};
    }
    return mention(kind, name, where);
  }
  out.defines_anonymous = name.empty();
  if (kind == TagKind::Enum) {
    const CType type = enum_body(name, where);
    while (qualifier(out.attributes)) {
    }
    if (out.attributes.packed || out.attributes.aligned != 0) not_plain();
    return type;
  }
  Attributes own = out.attributes;
  const CType type = record_body(kind, name, where, own);
  out.attributes = {};
  return type;
}

CType Parser::mention(TagKind kind, std::string_view name, const Location& where) {
  const bool is_later = scope_.defined_tags.contains({kind, std::string(name)});
  const auto own = scope_.tags.find({kind, std::string(name)});
  const Type* type = own != scope_.tags.end() ? own->second.type : nullptr;
  if (type == nullptr && !is_later) type = scope_.find_tag(kind, name);
  if (kind == TagKind::Enum) {
    if (type == nullptr) {
      const std::string text = fmt::format("enum {}", name);
      unknown_type(where, text, name);
      return {};
    }
    return Scope::sized(type);
  }
  if (type == nullptr) type = declare(kind, name, where);
  if (!scope_.is_complete(*type)) return {type, 0, 1, false};
  return Scope::sized(type);
}

const Type* Parser::declare(TagKind kind, std::string_view name, const Location& where) {
  types::Record record;
  record.name = name;
  record.keyword =
      kind == TagKind::Union ? types::Record::Keyword::Union : types::Record::Keyword::Struct;
  record.source = &scope_.completion;
  const Type* type = scope_.types.new_record(std::move(record));
  if (!name.empty()) scope_.tags[{kind, std::string(name)}] = {type, where, false};
  return type;
}

// --- attributes ---

void Parser::attributes(Attributes& out) {
  next();
  if (!expect("(", "after '__attribute__'") || !expect("(", "after '__attribute__('")) return;
  while (ok() && !at(")")) {
    if (!take(",")) attribute(out);
  }
  if (ok() && expect(")", "after the attributes")) expect(")", "after the attributes");
}

void Parser::attribute(Attributes& out) {
  const Token word = next();
  const std::string_view name = plain_name(word.text());
  if (name == "packed") {
    out.packed = true;
  } else if (name == "aligned") {
    if (!take("(")) {
      out.aligned = std::max(out.aligned, kLargestAlignment);
      return;
    }
    const auto value = wanted_constant("an alignment");
    if (!value) return;
    const bool power = value->bits != 0 && (value->bits & (value->bits - 1)) == 0;
    if (!power || value->negative() || value->bits > kMaxAlignment) {
      syntax(word.location, "an alignment is a power of two");
      return;
    }
    out.aligned = std::max(out.aligned, static_cast<std::uint32_t>(value->bits));
    expect(")", "after the alignment");
  } else if (word.is_identifier() && contains(kHarmless, name)) {
    if (name == "btf_type_tag" && at("(") && peek(1).text() == "\"user\"") out.user = true;
    if (at("(")) at_ = std::min(closing(at_) + 1, tokens_.size());
  } else {
    not_plain();
  }
}

}  // namespace sonde::resolve::c
