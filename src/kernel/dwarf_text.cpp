// Types of debug information as C writes them, for listings.
#include <fmt/format.h>

#include "kernel/dwarf_types.h"

namespace sonde::kernel {
namespace {

constexpr int kMaxDepth = 32;

std::string text_at(const std::optional<Dwarf_Die>& type, int depth);

std::string tagged(std::string_view keyword, const Dwarf_Die& type) {
  const std::string_view name = name_of(type);
  return fmt::format("{} {}", keyword, name.empty() ? "(anonymous)" : name);
}

std::string pointer_text(const Dwarf_Die& type, char mark, int depth) {
  const std::optional<Dwarf_Die> pointee = type_of(type);
  const std::optional<Dwarf_Die> plain = strip_qualifiers(pointee);
  if (plain && tag_of(*plain) == DW_TAG_subroutine_type && tag_of(*pointee) != DW_TAG_typedef)
    return "void *";  // What a reader wants to know of a pointer to a function.
  std::string text = text_at(pointee, depth);
  return text + (text.ends_with('*') || text.ends_with('&') ? "" : " ") + mark;
}

// A qualifier stands behind a pointer and in front of everything else.
std::string qualified(const Dwarf_Die& type, std::string_view word, int depth) {
  const std::string text = text_at(type_of(type), depth);
  if (text.ends_with('*')) return fmt::format("{}{}", text, word);
  return fmt::format("{} {}", word, text);
}

std::string array_text(const Dwarf_Die& type, int depth) {
  std::string text = text_at(type_of(type), depth);
  std::string dimensions;
  each_child(type, [&](const Dwarf_Die& child) {
    if (tag_of(child) != DW_TAG_subrange_type) return false;
    const std::uint64_t count = count_of(child);
    dimensions += count == 0 ? "[]" : fmt::format("[{}]", count);
    return false;
  });
  // C writes the outer dimension first.
  text.insert(std::min(text.find('['), text.size()), dimensions);
  return text;
}

std::string text_at(const std::optional<Dwarf_Die>& type, int depth) {
  if (!type || depth == kMaxDepth) return "void";
  switch (tag_of(*type)) {
    case DW_TAG_base_type:
    case DW_TAG_unspecified_type:
    case DW_TAG_typedef: return std::string(name_of(*type));
    case DW_TAG_structure_type: return tagged("struct", *type);
    case DW_TAG_class_type: return tagged("class", *type);
    case DW_TAG_union_type: return tagged("union", *type);
    case DW_TAG_enumeration_type: return tagged("enum", *type);
    case DW_TAG_pointer_type: return pointer_text(*type, '*', depth + 1);
    case DW_TAG_reference_type: return pointer_text(*type, '&', depth + 1);
    case DW_TAG_rvalue_reference_type: return pointer_text(*type, '&', depth + 1) + '&';
    case DW_TAG_const_type: return qualified(*type, "const", depth + 1);
    case DW_TAG_volatile_type: return qualified(*type, "volatile", depth + 1);
    case DW_TAG_array_type: return array_text(*type, depth + 1);
    case DW_TAG_subroutine_type: return "void";
    default: {
      const auto plain = strip_qualifiers(type);
      if (plain && plain->addr != type->addr) return text_at(type_of(*type), depth + 1);
      const std::string_view name = name_of(*type);
      return name.empty() ? "?" : std::string(name);
    }
  }
}

}  // namespace

std::string c_text(const std::optional<Dwarf_Die>& type) { return text_at(type, 0); }

}  // namespace sonde::kernel
