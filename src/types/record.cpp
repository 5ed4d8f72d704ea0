#include <utility>

#include "types/type.h"

namespace sonde::types {

std::string declaration(const Field& field) {
  const std::string type = field.c_type.empty() ? field.type->name() : field.c_type;
  // C puts the brackets behind the name; those of a dynamic array belong to its mark and stay.
  const std::size_t open = field.access == FieldAccess::Direct ? type.find('[') : std::string::npos;
  if (open == std::string::npos) return type + ' ' + field.name;
  return type.substr(0, open) + ' ' + field.name + type.substr(open);
}

bool Record::complete() {
  if (source != nullptr) known_ = std::exchange(source, nullptr)->complete(*this);
  return known_;
}

std::optional<Record::Found> Record::find_field(std::string_view field_name) {
  complete();
  for (const Field& field : fields) {
    if (field.name == field_name && !field_name.empty()) return Found{field};
  }
  for (const Field& field : fields) {
    if (!field.name.empty() || !field.type->is_record()) continue;
    if (auto found = field.type->record()->find_field(field_name)) {
      found->field.offset += field.offset;
      return found;
    }
  }
  return std::nullopt;
}

std::vector<std::string> Record::field_names() {
  complete();
  std::vector<std::string> names;
  for (const Field& field : fields) {
    if (!field.name.empty()) {
      names.push_back(field.name);
    } else if (field.type->is_record()) {
      for (std::string& name : field.type->record()->field_names())
        names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace sonde::types
