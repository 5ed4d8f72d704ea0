#include "resolve/type_names.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "ast/walk.h"
#include "builtins/absent.h"
#include "plan/manifest.h"
#include "resolve/integer_names.h"
#include "types/layout.h"

namespace sonde::resolve {
namespace {

class TypeNames {
 public:
  TypeNames(const Definitions& definitions, Programs programs, types::Context& types,
            diag::Emitter& emitter)
      : definitions_(definitions), programs_(std::move(programs)), types_(types),
        emitter_(emitter) {}

  void resolve(ast::TypeName& name) {
    if (name.type != nullptr || name.of != nullptr)
      return;  // sema knows the type of an expression.
    const types::Type* type = is_sized(name) ? sized(name) : base(name);
    if (type == nullptr) return;
    for (std::uint32_t i = 0; i < name.pointers; ++i) {
      type = types_.pointer(type, types::AddressSpace::Unknown);
    }
    if (!is_sized(name)) {
      // int x[2][3] is an array of two arrays of three.
      for (std::size_t i = name.dimensions.size(); i > 0; --i) {
        const std::uint64_t bytes = types::array_bytes(*type, name.dimensions[i - 1]);
        if (bytes > types::kMaxArrayBytes) {
          emitter_.emit(diag::kinds::TypeTooLarge, name.location, "this array", bytes,
                        types::kMaxArrayBytes);
          return;
        }
        const bool is_text = i == name.dimensions.size() && name.pointers == 0 &&
                             name.keyword == ast::TypeName::Keyword::None &&
                             types::is_wide_character(name.name);
        type = types_.array(type, name.dimensions[i - 1], is_text);
      }
    }
    name.type = type;
  }

 private:
  static bool is_sized(const ast::TypeName& name) {
    return name.keyword == ast::TypeName::Keyword::None &&
           (name.name == "string" || name.name == "buffer");
  }

  // string[64], buffer[16]
  const types::Type* sized(const ast::TypeName& name) {
    if (name.dimensions.size() != 1 || name.dimensions[0] == 0 || name.pointers != 0) {
      emitter_.emit(diag::kinds::TypeDimension, name.location, name.name)
          .hint(fmt::format("give its size in bytes: {}[64]", name.name));
      return nullptr;
    }
    if (name.dimensions[0] > plan::kMaxTemporary - 1 - types::kBufferHeader) {
      emitter_.emit(diag::kinds::TypeTooLarge, name.location, name.name, name.dimensions[0],
                    plan::kMaxTemporary - 1 - types::kBufferHeader);
      return nullptr;
    }
    return name.name == "string" ? types_.string(name.dimensions[0], true)
                                 : types_.buffer(name.dimensions[0]);
  }

  const types::Type* base(const ast::TypeName& name) {
    using Keyword = ast::TypeName::Keyword;
    const types::Type* type = nullptr;
    switch (name.keyword) {
      case Keyword::Struct:
        type = definitions_.find_record(name.name, types::Record::Keyword::Struct, programs_);
        break;
      case Keyword::Union:
        type = definitions_.find_record(name.name, types::Record::Keyword::Union, programs_);
        break;
      case Keyword::Enum: type = definitions_.find_enum(name.name, programs_); break;
      case Keyword::None: type = plain(name.name); break;
    }
    if (type == nullptr) report_unknown(name);
    return type;
  }

  const types::Type* plain(const std::string& name) {
    if (const types::Type* own = definitions_.find_own_typedef(name)) return own;
    if (const types::Type* integer = integer_type(types_, name)) return integer;
    if (name == "void") return types_.void_type();
    if (name == "float") return types_.floating(32);
    if (name == "double") return types_.floating(64);
    if (name == "bool" || name == "_Bool") return types_.bool_type();
    return definitions_.find_typedef(name, programs_);
  }

  // As a script has to write it: "struct node".
  std::string with_keyword(const std::string& name) {
    if (definitions_.find_typedef(name, programs_) != nullptr) return name;
    if (definitions_.find_record(name, types::Record::Keyword::Struct, programs_) != nullptr)
      return "struct " + name;
    if (definitions_.find_record(name, types::Record::Keyword::Union, programs_) != nullptr)
      return "union " + name;
    return definitions_.find_enum(name, programs_) != nullptr ? "enum " + name : name;
  }

  void report_unknown(const ast::TypeName& name) {
    static constexpr std::string_view kPrefix[] = {"", "struct ", "union ", "enum "};
    const std::string_view prefix = kPrefix[static_cast<std::size_t>(name.keyword)];
    emitter_.emit(diag::kinds::UnknownType, name.location, std::string(prefix) + name.name)
        .hint(hint_for(name));
  }

  std::string hint_for(const ast::TypeName& name) {
    const std::string_view foreign = builtins::foreign_type_hint(name.name);
    if (!foreign.empty()) return std::string(foreign);
    if (name.keyword == ast::TypeName::Keyword::None &&
        definitions_.find_record(name.name, types::Record::Keyword::Struct, programs_) != nullptr) {
      return fmt::format("it is a struct: write 'struct {}'", name.name);
    }
    std::vector<std::string> similar = definitions_.similar_types(name.name, programs_);
    for (std::string& one : similar) one = with_keyword(one);
    return diag::did_you_mean(similar);
  }

  const Definitions& definitions_;
  Programs programs_;
  types::Context& types_;
  diag::Emitter& emitter_;
};

}  // namespace

void resolve_type_names(const plan::ResolvedProbe& probe, kernel::View& view,
                        const Definitions& definitions, types::Context& types,
                        diag::Emitter& emitter) {
  TypeNames names(definitions, Programs(view, probe.attach_points), types, emitter);
  ast::walk(*probe.probe, [&](ast::Node& node) {
    ast::for_each_type_name(node, [&](ast::TypeName& name) { names.resolve(name); });
  });
}

}  // namespace sonde::resolve
