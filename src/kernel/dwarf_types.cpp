#include "kernel/dwarf_types.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "kernel/records.h"
#include "types/layout.h"

namespace sonde::kernel {
namespace {

using types::AddressSpace;
using types::Record;
using types::Type;

bool is_record_tag(int tag) {
  return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type ||
         tag == DW_TAG_interface_type;
}

Record::Keyword keyword_of(int tag) {
  return tag == DW_TAG_union_type ? Record::Keyword::Union : Record::Keyword::Struct;
}

bool is_register_width(std::uint64_t bytes) {
  return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
}

// Places are kept in 32 bits.
std::uint32_t narrow(std::uint64_t bytes) {
  return bytes <= types::kMaxArrayBytes ? static_cast<std::uint32_t>(bytes) : 0;
}

bool is_signed_encoding(std::uint64_t encoding) {
  return encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
}

// An enum's values are signed if its type is, or, where it tells no type (DWARF 2), if one of them is negative.
bool has_signed_values(const Dwarf_Die& die) {
  if (const auto type = strip_qualifiers(type_of(die)))
    return is_signed_encoding(number_of(*type, DW_AT_encoding).value_or(DW_ATE_unsigned));
  return each_child(die, [](const Dwarf_Die& child) {
    return (number_of(child, DW_AT_const_value).value_or(0) >> 63) != 0;
  });
}

// Bits from the start of the record to a bit field. DWARF 4 counts them that way; before, from the most significant bit of a
// storage unit.
std::optional<std::uint64_t> bit_offset_of(const Dwarf_Die& member, std::uint64_t width) {
  if (const auto bits = number_of(member, DW_AT_data_bit_offset)) return bits;
  const auto bytes = member_offset(member);
  if (!bytes) return std::nullopt;
  const auto from_top = number_of(member, DW_AT_bit_offset);
  if (!from_top) return *bytes * 8;
  const auto type = type_of(member);
  const std::uint64_t unit =
      number_of(member, DW_AT_byte_size).value_or(type ? size_of_type(*type) : 0) * 8;
  if (*from_top + width > unit) return std::nullopt;
  return *bytes * 8 + unit - *from_top - width;
}

// The path of the file that declares the entry, without "." and ".."; "" if nothing tells.
std::string declaring_file(Dwarf_Die die) {
  const char* file = dwarf_decl_file(&die);
  return file != nullptr ? std::filesystem::path(file).lexically_normal().string() : std::string();
}

// Numbers of files are those of their unit's table, which is read only to compare two units.
bool same_file(const Dwarf_Die& a, const Dwarf_Die& b) {
  if (a.cu == b.cu) return number_of(a, DW_AT_decl_file) == number_of(b, DW_AT_decl_file);
  return declaring_file(a) == declaring_file(b);
}

// Only malformed information puts a record into itself; printing it would never end. Whatever fits into its record and
// comes back to it has the record's size on the whole way.
bool nests_in_itself(const Dwarf_Die& record, const Dwarf_Die& member) {
  constexpr int kMaxVisits = 200;
  const std::uint64_t size = size_of_type(record);
  std::vector<Dwarf_Die> open{member};
  for (int visits = 0; !open.empty(); ++visits) {
    auto type = strip_qualifiers(type_of(open.back()));
    open.pop_back();
    while (type && tag_of(*type) == DW_TAG_array_type) type = strip_qualifiers(type_of(*type));
    if (!type || !is_record_tag(tag_of(*type)) || size_of_type(*type) != size) continue;
    const bool is_same = !name_of(record).empty() && name_of(*type) == name_of(record);
    if (type->addr == record.addr || is_same || visits == kMaxVisits) return true;
    each_child(*type, [&](const Dwarf_Die& child) {
      const int tag = tag_of(child);
      if (tag == DW_TAG_member || tag == DW_TAG_inheritance) open.push_back(child);
      return false;
    });
  }
  return false;
}

}  // namespace

const Type* DwarfTypes::convert(const std::optional<Dwarf_Die>& die, int depth,
                                std::string_view alias) {
  if (!die || depth > kMaxDieDepth) return types_.void_type();
  if (const auto known = by_entry_.find(die->addr); known != by_entry_.end()) return known->second;
  const Type* made = make(*die, depth, alias);
  by_entry_.emplace(die->addr, made);
  return made;
}

const Type* DwarfTypes::make(const Dwarf_Die& die, int depth, std::string_view alias) {
  switch (tag_of(die)) {
    case DW_TAG_base_type: return make_base(die);
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type:
      return types_.pointer(convert(type_of(die), depth + 1, {}), AddressSpace::User);
    case DW_TAG_ptr_to_member_type:
      return size_of_type(die) > 8 ? types_.array(types_.uint64(), 2) : types_.uint64();
    case DW_TAG_array_type: return make_array(die, depth);
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_interface_type:
    case DW_TAG_union_type: return make_record(die, alias);
    case DW_TAG_enumeration_type: return make_enum(die, alias);
    case DW_TAG_typedef: return convert(type_of(die), depth + 1, name_of(die));
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_restrict_type:
    case DW_TAG_atomic_type:
    case DW_TAG_immutable_type:
    case DW_TAG_packed_type:
    case DW_TAG_subrange_type: return convert(type_of(die), depth + 1, alias);
    default: return types_.void_type();
  }
}

const Type* DwarfTypes::make_base(const Dwarf_Die& die) {
  const std::uint32_t bytes = narrow(size_of_type(die));
  const std::uint64_t encoding = number_of(die, DW_AT_encoding).value_or(DW_ATE_unsigned);
  if (bytes == 0) return types_.void_type();
  if (encoding == DW_ATE_boolean && bytes == 1) return types_.bool_type();
  if (encoding == DW_ATE_float && (bytes == 4 || bytes == 8)) return types_.floating(bytes * 8);
  // __int128: two words, the lower first. Of other floating point the bits.
  if (bytes == 16) return types_.array(types_.uint64(), 2);
  if (!is_register_width(bytes)) return types_.array(types_.integer(8, false), bytes);
  // Text is an array of int8, wherever the compiler has char unsigned.
  const bool is_char = bytes == 1 && (name_of(die) == "char" || encoding == DW_ATE_UTF);
  return types_.integer(bytes * 8, is_char || is_signed_encoding(encoding));
}

const Type* DwarfTypes::make_array(const Dwarf_Die& die, int depth) {
  std::vector<std::uint64_t> dimensions;
  each_child(die, [&](const Dwarf_Die& child) {
    if (tag_of(child) == DW_TAG_subrange_type) dimensions.push_back(count_of(child));
    return dimensions.size() > kMaxDieDepth;
  });
  const Type* type = convert(type_of(die), depth + 1, {});
  if (type->is_void()) return type;
  if (dimensions.empty()) dimensions.push_back(0);
  for (std::size_t i = dimensions.size(); i > 0; --i) {
    const std::uint64_t count = dimensions[i - 1];
    if (count > types::kMaxArrayBytes ||
        types::array_bytes(*type, static_cast<std::uint32_t>(count)) > types::kMaxArrayBytes)
      return types_.void_type();
    const bool is_text = i == dimensions.size() && is_wide_character(type_of(die));
    type = types_.array(type, static_cast<std::uint32_t>(count), is_text);
  }
  return type;
}

const Type* DwarfTypes::make_enum(const Dwarf_Die& die, std::string_view alias) {
  if (has_flag(die, DW_AT_declaration)) {
    if (const auto found = definition(Kind::Enum, name_of(die))) return convert(found, 1, alias);
    return types_.integer(32, false);
  }
  const std::string name(name_of(die).empty() ? alias : name_of(die));
  const std::uint64_t size = size_of_type(die);
  const Identity identity{DW_TAG_enumeration_type, name, size,
                          number_of(die, DW_AT_decl_line).value_or(0)};
  if (const Type* before = name.empty() ? nullptr : known(identity, die)) return before;
  types::Enum made{.name = name, .values = {}};
  each_child(die, [&](const Dwarf_Die& child) {
    const auto value = number_of(child, DW_AT_const_value);
    if (tag_of(child) == DW_TAG_enumerator && value)
      made.values.emplace_back(name_of(child), *value);
    return false;
  });
  const std::uint32_t bytes = is_register_width(size) ? static_cast<std::uint32_t>(size) : 4;
  const Type* type = types_.new_enum(std::move(made), bytes * 8, has_signed_values(die));
  if (!name.empty()) by_identity_.emplace(identity, Known{die, type});
  return type;
}

const Type* DwarfTypes::make_record(const Dwarf_Die& die, std::string_view alias) {
  if (has_flag(die, DW_AT_declaration)) return declared(die);
  const std::string name(name_of(die).empty() ? alias : name_of(die));
  if (name.empty()) return new_record(die, name);
  const Identity identity{tag_of(die), name, size_of_type(die),
                          number_of(die, DW_AT_decl_line).value_or(0)};
  if (const Type* before = known(identity, die)) return before;
  const Type* type = new_record(die, name);
  by_identity_.emplace(identity, Known{die, type});
  return type;
}

const Type* DwarfTypes::known(const Identity& identity, const Dwarf_Die& die) {
  const auto [first, last] = by_identity_.equal_range(identity);
  for (auto entry = first; entry != last; ++entry) {
    if (same_file(entry->second.die, die)) return entry->second.type;
  }
  return nullptr;
}

// Whatever was declared under that name so far is this record.
const Type* DwarfTypes::new_record(const Dwarf_Die& die, std::string_view name) {
  const bool is_union = tag_of(die) == DW_TAG_union_type;
  records_.push_back(die);
  Record made = named_record(name, keyword_of(tag_of(die)));
  made.size = narrow(size_of_type(die));
  made.source = this;
  made.source_id = static_cast<std::uint32_t>(records_.size());
  const auto before = declared_.find(Key{is_union ? Kind::Union : Kind::Struct, std::string(name)});
  if (before == declared_.end()) return types_.new_record(std::move(made));
  const Type* type = before->second;
  if (type->record()->source == this) {
    type->record()->size = made.size;
    type->record()->source_id = made.source_id;
  }
  declared_.erase(before);
  return type;
}

// A pointer to a declared record needs no definition: it is looked for when somebody looks into it.
const Type* DwarfTypes::declared(const Dwarf_Die& die) {
  const int tag = tag_of(die);
  const std::string name(name_of(die));
  const Kind kind = tag == DW_TAG_union_type ? Kind::Union : Kind::Struct;
  for (const auto& [identity, entry] : by_identity_) {
    if (std::get<1>(identity) == name && is_record_tag(std::get<0>(identity)) &&
        entry.type->record()->keyword == keyword_of(tag))
      return entry.type;
  }
  const auto [slot, is_new] = declared_.try_emplace(Key{kind, name}, nullptr);
  if (is_new) {
    Record record = named_record(name, keyword_of(tag));
    record.source = this;
    slot->second = types_.new_record(std::move(record));
  }
  return slot->second;
}

bool DwarfTypes::complete(Record& record) {
  std::optional<Dwarf_Die> die;
  if (record.source_id != 0) {
    die = records_[record.source_id - 1];
  } else {
    const bool is_union = record.keyword == Record::Keyword::Union;
    const Key key{is_union ? Kind::Union : Kind::Struct, record.name};
    die = definition(key.first, key.second);
    if (!die) return false;
    if (const auto pending = declared_.find(key); pending != declared_.end()) {
      by_entry_[die->addr] = pending->second;
      by_identity_.emplace(Identity{tag_of(*die), record.name, size_of_type(*die),
                                    number_of(*die, DW_AT_decl_line).value_or(0)},
                           Known{*die, pending->second});
      declared_.erase(pending);
    }
    record.size = narrow(size_of_type(*die));
  }
  each_child(*die, [&](const Dwarf_Die& child) {
    add_member(record, *die, child);
    return false;
  });
  return true;
}

// A base class is an anonymous member: its fields are found as if they were the record's own.
void DwarfTypes::add_member(Record& record, const Dwarf_Die& parent, const Dwarf_Die& member) {
  const bool is_base = tag_of(member) == DW_TAG_inheritance;
  if (!is_base && !is_data_member(member)) return;
  // The pointer to the table of virtual functions, which the compiler has put there.
  if (has_flag(member, DW_AT_artificial) && name_of(member).starts_with("_vptr")) return;
  types::Field field;
  field.type = type(type_of(member));
  if (!is_base) {
    field.name = name_of(member);
    field.c_type = c_text(type_of(member));
  }
  if (field.type->is_void() || nests_in_itself(parent, member)) return;
  if (const auto width = number_of(member, DW_AT_bit_size)) {
    const auto bits = bit_offset_of(member, *width);
    if (!bits || *width == 0 || *width > 64 || *bits > UINT32_MAX) return;
    if (!types::place_bit_field(types_, field, *bits, static_cast<std::uint32_t>(*width),
                                record.size))
      return;
  } else {
    // That of a virtual base class depends on the object.
    const auto bytes = member_offset(member);
    if (!bytes || *bytes > record.size || field.type->size() > record.size - *bytes) return;
    field.offset = static_cast<std::uint32_t>(*bytes);
  }
  record.fields.push_back(std::move(field));
}

// --- by name ---

const Type* DwarfTypes::find_record(std::string_view name, Record::Keyword keyword) {
  const bool is_union = keyword == Record::Keyword::Union;
  const auto found = definition(is_union ? Kind::Union : Kind::Struct, name);
  return found ? type(found) : nullptr;
}

const Type* DwarfTypes::find_enum(std::string_view name) {
  const auto found = definition(Kind::Enum, name);
  return found ? type(found) : nullptr;
}

const Type* DwarfTypes::find_typedef(std::string_view name) {
  const auto found = definition(Kind::Typedef, name);
  return found ? type(found) : nullptr;
}

std::optional<NamedTypes::EnumConstant> DwarfTypes::find_enum_constant(std::string_view name) {
  for (;;) {
    if (const auto found = constants_.find(name); found != constants_.end()) {
      const Type* enumeration = type(found->second.first);
      return EnumConstant{enumeration,
                          number_of(found->second.second, DW_AT_const_value).value_or(0)};
    }
    if (!index_next_unit()) return std::nullopt;
  }
}

std::vector<std::string> DwarfTypes::similar_types(std::string_view name) {
  while (index_next_unit()) {
  }
  std::vector<std::string> names;
  for (const auto& [key, die] : index_) names.push_back(key.second);
  return nearest(name, names);
}

std::optional<Dwarf_Die> DwarfTypes::definition(Kind kind, std::string_view name) {
  const Key key{kind, std::string(name)};
  for (;;) {
    if (const auto found = index_.find(key); found != index_.end()) return found->second;
    if (name.empty() || !index_next_unit()) return std::nullopt;
  }
}

bool DwarfTypes::index_next_unit() {
  const auto unit = next_unit_();
  if (unit) index_children(*unit, 0);
  return unit.has_value();
}

void DwarfTypes::index_children(const Dwarf_Die& parent, int depth) {
  if (depth > kMaxDieDepth) return;
  each_child(parent, [&](const Dwarf_Die& child) {
    index_entry(child, depth);
    return false;
  });
}

// What has no name yet or is only declared is no answer; namespaces and classes hold further types.
void DwarfTypes::index_entry(const Dwarf_Die& die, int depth) {
  const int tag = tag_of(die);
  if (tag == DW_TAG_namespace || tag == DW_TAG_module) return index_children(die, depth + 1);
  const bool is_record = is_record_tag(tag);
  const bool is_enum = tag == DW_TAG_enumeration_type;
  if (!is_record && !is_enum && tag != DW_TAG_typedef) return;
  if (has_flag(die, DW_AT_declaration)) return;
  if (is_enum) {
    each_child(die, [&](const Dwarf_Die& child) {
      if (tag_of(child) == DW_TAG_enumerator)
        constants_.try_emplace(std::string(name_of(child)), die, child);
      return false;
    });
  }
  const std::string_view name = name_of(die);
  if (!name.empty()) {
    const Kind kind = is_enum                    ? Kind::Enum
                      : tag == DW_TAG_typedef    ? Kind::Typedef
                      : tag == DW_TAG_union_type ? Kind::Union
                                                 : Kind::Struct;
    index_.try_emplace(Key{kind, std::string(name)}, die);
  }
  if (is_record) index_children(die, depth + 1);
}

}  // namespace sonde::kernel
