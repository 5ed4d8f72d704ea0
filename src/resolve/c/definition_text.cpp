#include "resolve/c/definition_text.h"

#include <fmt/format.h>

namespace sonde::resolve::c {
namespace {

using types::Type;

constexpr std::size_t kShown = 6;

// "int *x[3]"; arrays stand behind the name.
std::string field_text(const types::Field& field) {
  const Type* type = field.type;
  std::string dimensions;
  while (type->is(types::TypeKind::Array)) {
    dimensions += type->count() == 0 ? "[]" : fmt::format("[{}]", type->count());
    type = type->element();
  }
  std::string text = type->name();
  if (!field.name.empty()) text += (text.ends_with('*') ? "" : " ") + field.name;
  text += dimensions;
  if (field.bit_field) text += fmt::format(" : {}", field.bit_field->width);
  return text + "; ";
}

}  // namespace

std::string definition_text(const Type& type) {
  std::string text = type.name() + " { ";
  std::size_t count = 0;
  if (type.is_record()) {
    for (const types::Field& field : type.record()->fields) {
      if (count++ < kShown) text += field_text(field);
    }
  } else {
    for (const auto& [name, value] : type.enumeration()->values) {
      if (count++ < kShown)
        text += fmt::format("{} = {}, ", name, static_cast<std::int64_t>(value));
    }
  }
  if (count > kShown) text += "... ";
  return text + fmt::format("}}, {} bytes", type.size());
}

}  // namespace sonde::resolve::c
