#include "kernel/dwarf_die.h"

#include "types/type.h"

namespace sonde::kernel {
namespace {

std::optional<Dwarf_Attribute> find(const Dwarf_Die& die, unsigned attribute) {
  Dwarf_Die copy = die;
  Dwarf_Attribute found;
  if (dwarf_attr_integrate(&copy, attribute, &found) == nullptr) return std::nullopt;
  return found;
}

bool is_qualifier(int tag) {
  switch (tag) {
    case DW_TAG_typedef:
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_restrict_type:
    case DW_TAG_atomic_type:
    case DW_TAG_immutable_type:
    case DW_TAG_packed_type:
    case DW_TAG_shared_type:
    case DW_TAG_template_alias: return true;
    default: return false;
  }
}

}  // namespace

std::string_view name_of(const Dwarf_Die& die) {
  Dwarf_Die copy = die;
  const char* name = dwarf_diename(&copy);
  return name != nullptr ? name : std::string_view{};
}

std::optional<std::uint64_t> number_of(const Dwarf_Die& die, unsigned attribute) {
  auto found = find(die, attribute);
  if (!found) return std::nullopt;
  const unsigned form = dwarf_whatform(&*found);
  if (form == DW_FORM_sdata || form == DW_FORM_implicit_const) {
    Dwarf_Sword value = 0;
    if (dwarf_formsdata(&*found, &value) != 0) return std::nullopt;
    return static_cast<std::uint64_t>(value);
  }
  Dwarf_Word value = 0;
  if (dwarf_formudata(&*found, &value) != 0) return std::nullopt;
  return value;
}

bool has_flag(const Dwarf_Die& die, unsigned attribute) {
  auto found = find(die, attribute);
  bool value = false;
  return found && dwarf_formflag(&*found, &value) == 0 && value;
}

bool has_attribute(const Dwarf_Die& die, unsigned attribute) {
  return find(die, attribute).has_value();
}

std::optional<Dwarf_Die> referred(const Dwarf_Die& die, unsigned attribute) {
  auto found = find(die, attribute);
  Dwarf_Die target;
  if (!found || dwarf_formref_die(&*found, &target) == nullptr) return std::nullopt;
  return target;
}

std::optional<Dwarf_Die> type_of(const Dwarf_Die& die) { return referred(die, DW_AT_type); }

std::optional<Dwarf_Die> strip_qualifiers(std::optional<Dwarf_Die> die) {
  for (int depth = 0; die && depth < kMaxDieDepth; ++depth) {
    if (!is_qualifier(tag_of(*die))) return die;
    die = type_of(*die);
  }
  return std::nullopt;
}

bool is_wide_character(std::optional<Dwarf_Die> die) {
  for (int depth = 0; die && depth < kMaxDieDepth; ++depth) {
    const int tag = tag_of(*die);
    const bool is_named = tag == DW_TAG_typedef || tag == DW_TAG_base_type;
    if (is_named && types::is_wide_character(name_of(*die))) return true;
    const bool goes_on = tag == DW_TAG_typedef || tag == DW_TAG_const_type ||
                         tag == DW_TAG_volatile_type || tag == DW_TAG_atomic_type;
    if (!goes_on) return false;
    die = type_of(*die);
  }
  return false;
}

std::uint64_t size_of_type(const Dwarf_Die& type) {
  const auto plain = strip_qualifiers(type);
  if (!plain) return 0;
  Dwarf_Die copy = *plain;
  Dwarf_Word size = 0;
  return dwarf_aggregate_size(&copy, &size) == 0 ? size : 0;
}

std::uint64_t count_of(const Dwarf_Die& subrange) {
  if (const auto count = number_of(subrange, DW_AT_count)) return *count;
  const auto last = number_of(subrange, DW_AT_upper_bound);
  if (!last) return 0;
  const std::uint64_t first = number_of(subrange, DW_AT_lower_bound).value_or(0);
  // gcc says of `x[0]` that its last element is -1, in four bytes or in eight.
  if (*last == UINT32_MAX || *last == UINT64_MAX || *last < first) return 0;
  return *last - first + 1;
}

std::optional<std::uint64_t> member_offset(const Dwarf_Die& member) {
  auto found = find(member, DW_AT_data_member_location);
  if (!found) return 0;  // Members of a union have none.
  if (const auto constant = number_of(member, DW_AT_data_member_location)) return constant;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_getlocation(&*found, &operations, &count) != 0 || count != 1) return std::nullopt;
  if (operations[0].atom != DW_OP_plus_uconst) return std::nullopt;
  return operations[0].number;
}

bool is_data_member(const Dwarf_Die& member) {
  // DWARF 2 to 4 call a static member a member too.
  return tag_of(member) == DW_TAG_member && !has_flag(member, DW_AT_external) &&
         !has_flag(member, DW_AT_declaration);
}

}  // namespace sonde::kernel
