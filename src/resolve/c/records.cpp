// Bodies of structs, unions and enums.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "resolve/c/parser.h"

namespace sonde::resolve::c {

namespace kinds = diag::kinds;

namespace {

using types::Member;
using types::Record;

}  // namespace

CType Parser::record_body(TagKind kind, std::string_view name, const Location& where,
                          Attributes& before) {
  const Location brace = next().location;
  if (!enter()) return {};
  if (!name.empty() && !scope_.tags.contains({kind, std::string(name)})) declare(kind, name, where);
  std::vector<Member> members;
  std::vector<Location> places;
  open_.emplace_back(kind, name);
  while (ok() && !at("}")) {
    if (at_ >= tokens_.size()) {
      wrong(kinds::SyntaxError, end_.location,
            "expected a field or '}', found the end of the definition")
          .note(brace, "this '{' is not closed");
      return {};
    }
    member_declaration(members, places);
  }
  take("}");
  open_.pop_back();
  while (ok() && qualifier(before)) {
  }
  leave();
  if (ok()) check_members(members, places);
  return ok() ? finish_record(kind, name, where, members, places, before) : CType{};
}

void Parser::member_declaration(std::vector<Member>& members, std::vector<Location>& places) {
  if (take(";")) return;
  const Location begin = peek().location;
  const Specifiers base = specifiers();
  if (!ok()) return;
  if (at(";")) {
    // An anonymous struct or union gives its members; a named one only declares itself.
    if (base.defines_anonymous && base.type.type->is_record()) {
      Member inner{.name = {},
                   .type = base.type.type,
                   .size = base.type.size,
                   .alignment = base.type.alignment,
                   .width = {},
                   .c_type = {}};
      inner.aligned = base.attributes.aligned;
      inner.packed = base.attributes.packed;
      members.push_back(std::move(inner));
      places.push_back(begin);
    }
  } else {
    do {
      member(base, members, places);
    } while (ok() && take(","));
  }
  if (ok())
    expect(";", members.empty() ? "after the field"
                                : fmt::format("after field '{}'", members.back().name));
}

void Parser::member(const Specifiers& base, std::vector<Member>& members,
                    std::vector<Location>& places) {
  Attributes attributes = base.attributes;
  Declared declared;
  if (at(":")) {
    declared = {base.type, {}, peek().location};
  } else {
    declared = declarator(base.type, attributes);
  }
  if (!ok()) return;
  if (declared.name.empty() && !at(":")) {
    return syntax(peek().location, fmt::format("expected the name of a field, found {}", found()));
  }
  Member made{.name = std::string(declared.name),
              .type = declared.type.type,
              .size = declared.type.size,
              .alignment = declared.type.alignment,
              .width = {},
              .c_type = {}};
  if (at(":")) {
    bit_field(made, declared.location);
  } else if (!check_member(declared, declared.type)) {
    return;
  }
  while (ok() && qualifier(attributes)) {
  }
  made.aligned = attributes.aligned;
  made.packed = attributes.packed;
  members.push_back(std::move(made));
  places.push_back(declared.location);
}

bool Parser::check_member(const Declared& declared, const CType& type) {
  if (type.is_function) {
    wrong(kinds::InvalidMember, declared.location,
          fmt::format("field '{}' is a function", declared.name))
        .hint(fmt::format("a pointer to it is written (*{})(...)", declared.name));
    return false;
  }
  if (!type.type->is_void() && scope_.is_complete(*type.type)) return true;
  auto report = wrong(kinds::IncompleteType, declared.location, type.type->name());
  if (type.type->is_record()) {
    const Record& record = *type.type->record();
    const TagKind kind =
        record.keyword == Record::Keyword::Union ? TagKind::Union : TagKind::Struct;
    const auto tag = scope_.tags.find({kind, record.name});
    const bool is_known = scope_.defined_tags.contains({kind, record.name});
    const bool is_open = std::find(open_.begin(), open_.end(),
                                   std::pair(kind, std::string_view(record.name))) != open_.end();
    if (is_open) {
      report.hint(fmt::format("a {} cannot hold itself; use a pointer", keyword_of(kind)));
    } else if (tag != scope_.tags.end() && is_known) {
      report.hint(fmt::format("define '{}' in front of this, or use a pointer", type.type->name()));
    } else {
      std::vector<std::string> names = scope_.view.similar_types(record.name);
      for (const auto& [key, one] : scope_.tags) names.push_back(key.second);
      std::erase(names, record.name);
      names = nearest(record.name, names);
      report.hint(names.empty() ? "nothing but its name is known; use a pointer"
                                : diag::did_you_mean(names));
    }
  } else {
    report.hint("a pointer to anything is 'void *'");
  }
  return false;
}

void Parser::bit_field(Member& member, const Location& where) {
  next();
  const Location at_width = peek().location;
  const auto width = wanted_constant("the width of a bit field");
  if (!width) return;
  const std::string name =
      member.name.empty() ? "a bit field" : fmt::format("bit field '{}'", member.name);
  if (!member.type->is_integral()) {
    wrong(kinds::InvalidMember, where,
          fmt::format("{} cannot be of type '{}'", name, member.type->name()))
        .hint("bit fields are integers");
    return;
  }
  const std::uint32_t most = member.type->is(types::TypeKind::Bool) ? 1 : member.type->bits();
  if (width->negative() || width->bits > most) {
    wrong(kinds::InvalidMember, at_width,
          fmt::format("{} cannot have {} bits", name, width->value()))
        .hint(fmt::format("its type '{}' has {}", member.type->name(), most));
    return;
  }
  if (width->bits == 0 && !member.name.empty()) {
    wrong(kinds::InvalidMember, at_width, fmt::format("{} has no bits", name))
        .hint("only one without a name may have none");
    return;
  }
  member.width = static_cast<std::uint32_t>(width->bits);
}

void Parser::check_members(const std::vector<Member>& members,
                           const std::vector<Location>& places) {
  std::map<std::string, Location> seen;
  for (std::size_t i = 0; i < members.size() && ok(); ++i) {
    const Member& one = members[i];
    std::vector<std::string> names{one.name};
    if (one.name.empty() && !one.width) names = one.type->record()->field_names();
    for (const std::string& name : names) {
      if (name.empty()) continue;
      const auto [slot, is_new] = seen.try_emplace(name, places[i]);
      if (is_new) continue;
      wrong(kinds::DuplicateDeclaration, places[i], name)
          .note(slot->second, "it is declared here first");
      return;
    }
  }
}

CType Parser::finish_record(TagKind kind, std::string_view name, const Location& where,
                            const std::vector<Member>& members, const std::vector<Location>& places,
                            const Attributes& attributes) {
  Record record;
  record.name = name;
  record.keyword = kind == TagKind::Union ? Record::Keyword::Union : Record::Keyword::Struct;
  if (!types::lay_out(scope_.types, record, members, {attributes.packed, attributes.aligned})) {
    wrong(kinds::TypeTooLarge, where, fmt::format("'{} {}'", keyword_of(kind), name), UINT32_MAX,
          INT32_MAX);
    return {};
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!members[i].width || members[i].name.empty() || record.find_field(members[i].name))
      continue;
    wrong(kinds::UnsupportedFeature, places[i],
          fmt::format("reading bit field '{}', whose bits cross every word of its struct,",
                      members[i].name))
        .hint("leave 'packed' away, or make it a field of whole bytes");
    return {};
  }
  if (name.empty()) return Scope::sized(scope_.types.new_record(std::move(record)));
  Scope::Tag& tag = scope_.tags[{kind, std::string(name)}];
  if (tag.defined) {
    const Type* again = scope_.types.new_record(std::move(record));
    define_tag(kind, name, where, again);
    return Scope::sized(tag.type);
  }
  // The record that pointers point to already.
  Record& first = *tag.type->record();
  first.source = nullptr;
  first.size = record.size;
  first.alignment = record.alignment;
  first.fields = std::move(record.fields);
  tag.location = where;
  tag.defined = true;
  return Scope::sized(tag.type);
}

// False, with a report, if the tag is defined already as something else.
bool Parser::define_tag(TagKind kind, std::string_view name, const Location& where,
                        const Type* type) {
  Scope::Tag& tag = scope_.tags[{kind, std::string(name)}];
  if (!tag.defined) {
    tag = {type, where, true};
    return true;
  }
  if (types::same_definition(*tag.type, *type)) return true;
  wrong(kinds::DuplicateDeclaration, where, fmt::format("{} {}", keyword_of(kind), name))
      .note(tag.location, "it is defined differently here");
  return false;
}

// --- enums ---

CType Parser::enum_body(std::string_view name, const Location& where) {
  const Location brace = next().location;
  std::vector<std::pair<std::string, std::uint64_t>> values;
  std::vector<std::string> names;
  Number next_value;
  bool negative = false;
  while (ok() && !at("}")) {
    if (at_ >= tokens_.size()) {
      wrong(kinds::SyntaxError, end_.location,
            "expected a name or '}', found the end of the definition")
          .note(brace, "this '{' is not closed");
      return {};
    }
    if (!enumerator(values, next_value, names)) return {};
    negative |= static_cast<std::int64_t>(values.back().second) < 0 && next_value.is_signed;
    if (!take(",") && !at("}")) {
      syntax(peek().location, fmt::format("expected ',' or '}}' after '{}', found {}",
                                          values.back().first, found()));
    }
  }
  if (!ok()) return {};
  take("}");
  const bool wide = std::any_of(values.begin(), values.end(), [&](const auto& one) {
    const auto value = static_cast<std::int64_t>(one.second);
    return negative ? value < INT32_MIN || value > INT32_MAX : one.second > UINT32_MAX;
  });
  const Type* type =
      scope_.types.new_enum({std::string(name), std::move(values)}, wide ? 64 : 32, negative);
  if (!name.empty()) {
    if (!define_tag(TagKind::Enum, name, where, type)) return {};
    type = scope_.tags.at({TagKind::Enum, std::string(name)}).type;
  }
  for (const std::string& one : names) {
    auto& constant = scope_.constants.find(one)->second;
    if (constant.type == nullptr) constant.type = type;
  }
  return Scope::sized(type);
}

bool Parser::enumerator(std::vector<std::pair<std::string, std::uint64_t>>& values,
                        Number& next_value, std::vector<std::string>& names) {
  if (!peek().is_identifier()) {
    syntax(peek().location, fmt::format("expected a name, found {}", found()));
    return false;
  }
  const Token word = next();
  Attributes ignored;
  while (ok() && qualifier(ignored)) {
  }
  if (take("=")) {
    const auto value = wanted_constant(fmt::format("the value of '{}'", word.text()));
    if (!value) return false;
    next_value = *value;
  }
  const std::string name(word.text());
  const auto [slot, is_new] =
      scope_.constants.try_emplace(name, Scope::Constant{nullptr, next_value, word.location});
  if (!is_new && slot->second.number.bits != next_value.bits) {
    wrong(kinds::DuplicateDeclaration, word.location, name)
        .note(slot->second.location, "it is declared here first");
    return false;
  }
  values.emplace_back(name, next_value.bits);
  names.push_back(name);
  ++next_value.bits;
  return ok();
}

}  // namespace sonde::resolve::c
