#include "resolve/definitions.h"

#include "base/text.h"
#include "resolve/c/reader.h"

namespace sonde::resolve {

struct Definitions::Own {
  Own(types::Context& types, kernel::View& view) : scope(types, view) {}
  std::unique_ptr<kernel::Headers> headers;
  c::Scope scope;
};

namespace {

using types::Record;
using types::Type;

c::TagKind kind_of(Record::Keyword keyword) {
  return keyword == Record::Keyword::Union ? c::TagKind::Union : c::TagKind::Struct;
}

}  // namespace

Definitions::Definitions(kernel::View& view) : view_(view) {}
Definitions::~Definitions() = default;

void Definitions::set_c_files(std::vector<kernel::CompiledFile> files) {
  c_files_ = std::move(files);
}

std::vector<const plan::CObject*> Definitions::c_objects() const {
  std::vector<const plan::CObject*> objects;
  for (const kernel::CompiledFile& file : c_files_) objects.push_back(&file.object);
  return objects;
}

// What the first file finds that finds anything. Last of all: such files often hold a part of a struct of the kernel.
template <class Find>
auto Definitions::in_c_files(Find&& find) const {
  decltype(find(*c_files_.front().types)) found{};
  for (const kernel::CompiledFile& file : c_files_) {
    if (found || !file.types) break;
    found = find(*file.types);
  }
  return found;
}

const Type* Definitions::find_record(std::string_view name, Record::Keyword keyword,
                                     const Programs& programs) const {
  const Type* type = own_ ? own_->scope.find_own_tag(kind_of(keyword), name) : nullptr;
  if (type != nullptr) return type;
  const auto find = [&](auto& types) { return types.find_record(name, keyword); };
  type = programs.first(find);
  if (type == nullptr) type = find(view_);
  return type != nullptr ? type : in_c_files(find);
}

const Type* Definitions::find_enum(std::string_view name, const Programs& programs) const {
  const Type* type = own_ ? own_->scope.find_own_tag(c::TagKind::Enum, name) : nullptr;
  if (type != nullptr) return type;
  const auto find = [&](auto& types) { return types.find_enum(name); };
  type = programs.first(find);
  if (type == nullptr) type = find(view_);
  return type != nullptr ? type : in_c_files(find);
}

const Type* Definitions::find_own_typedef(std::string_view name) const {
  if (!own_) return nullptr;
  const auto& typedefs = own_->scope.typedefs;
  if (const auto own = typedefs.find(name); own != typedefs.end())
    return own->second.type.is_function ? nullptr : own->second.type.type;
  return own_->headers ? own_->headers->find_typedef(name) : nullptr;
}

const Type* Definitions::find_typedef(std::string_view name, const Programs& programs) const {
  if (const Type* own = find_own_typedef(name)) return own;
  const auto find = [&](auto& types) -> const Type* { return types.find_typedef(name); };
  if (const Type* type = programs.first(find)) return type;
  const auto known = own_ ? own_->scope.find_typedef(name) : std::nullopt;
  if (known) return known->is_function ? nullptr : known->type;
  const Type* type = own_ ? nullptr : view_.find_typedef(name);
  return type != nullptr ? type : in_c_files(find);
}

std::vector<std::string> Definitions::similar_types(std::string_view name,
                                                    const Programs& programs) const {
  std::vector<std::string> names = view_.similar_types(name);
  static_cast<void>(programs.first([&](kernel::NamedTypes& types) {
    for (std::string& similar : types.similar_types(name)) names.push_back(std::move(similar));
    return false;
  }));
  if (own_) {
    for (const auto& [key, tag] : own_->scope.tags) names.push_back(key.second);
    for (const auto& [key, type] : own_->scope.typedefs) names.push_back(key);
  }
  return own_ || !programs.paths().empty() ? nearest(name, names) : names;
}

std::optional<kernel::View::EnumConstant> Definitions::find_constant(
    std::string_view name, const Programs& programs) const {
  const auto of_others = [&] {
    const auto find = [&](auto& types) { return types.find_enum_constant(name); };
    if (const auto found = programs.first(find)) return found;
    if (const auto found = find(view_)) return found;
    return in_c_files(find);
  };
  if (!own_) return of_others();
  c::Scope& scope = own_->scope;
  if (const auto own = scope.constants.find(name); own != scope.constants.end()) {
    return kernel::View::EnumConstant{own->second.type, own->second.number.bits};
  }
  const bool is_macro = scope.macros.contains(name) ||
                        (scope.headers != nullptr && scope.headers->macros.contains(name));
  if (is_macro) {
    diag::Emitter unheard;
    const auto value = c::Parser(scope, unheard, c::expand_macro(scope, name, {}), {}).constant();
    if (!value) return std::nullopt;
    return kernel::View::EnumConstant{
        scope.types.integer(value->is_long ? 64 : 32, value->is_signed), value->bits};
  }
  auto found = scope.headers != nullptr ? scope.headers->find_enum_constant(name) : std::nullopt;
  return found ? found : of_others();
}

std::optional<std::string> Definitions::find_text(std::string_view name) const {
  if (!own_) return std::nullopt;
  std::string text;
  const auto tokens = c::expand_macro(own_->scope, name, {});
  for (const c::Token& token : tokens) {
    if (tokens.size() > 1 && (token.is("(") || token.is(")"))) continue;
    if (token.token.kind != CTokenKind::String) return std::nullopt;
    const auto part = c_unquote(token.text());
    if (!part) return std::nullopt;
    text += *part;
  }
  return tokens.empty() ? std::nullopt : std::optional(std::move(text));
}

std::vector<std::string> Definitions::constant_names() const {
  std::vector<std::string> names;
  if (!own_) return names;
  for (const auto& [name, constant] : own_->scope.constants) names.push_back(name);
  for (const auto& [name, macro] : own_->scope.macros) names.push_back(name);
  return names;
}

std::optional<std::string> Definitions::replacement(std::string_view name) const {
  if (!own_) return std::nullopt;
  const c::Scope& scope = own_->scope;
  if (scope.headers != nullptr) {
    if (const auto found = scope.headers->macros.find(name); found != scope.headers->macros.end())
      return found->second;
  }
  const auto own = scope.macros.find(name);
  return own != scope.macros.end() ? std::optional(own->second.text) : std::nullopt;
}

std::shared_ptr<Definitions> define(const ast::Program& program, kernel::View& view,
                                    types::Context& types, const HeaderOptions& options,
                                    diag::Emitter& emitter) {
  auto definitions = std::make_shared<Definitions>(view);
  if (program.c_parts.empty() && options.include_files.empty()) return definitions;
  definitions->own_ = std::make_unique<Definitions::Own>(types, view);
  definitions->own_->headers =
      c::Reader(definitions->own_->scope, program, options, emitter).read();
  return definitions;
}

}  // namespace sonde::resolve
