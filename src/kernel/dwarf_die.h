// Entries of debug information (DIEs) as values. Internal to src/kernel. libdw says "no" to what is malformed; what it
// leaves to its callers is guarded here: chains and trees without an end.
#pragma once

#include <dwarf.h>
#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sonde::kernel {

// Deeper chains of references than any compiler makes: malformed.
inline constexpr int kMaxDieDepth = 64;

[[nodiscard]] inline int tag_of(const Dwarf_Die& die) {
  Dwarf_Die copy = die;
  return dwarf_tag(&copy);
}

// DW_AT_name, also of the declaration that a definition refers to; "" if there is none. Valid as long as the file.
[[nodiscard]] std::string_view name_of(const Dwarf_Die& die);
// A constant attribute, also of the declaration; nullopt if there is none or it is no constant.
[[nodiscard]] std::optional<std::uint64_t> number_of(const Dwarf_Die& die, unsigned attribute);
[[nodiscard]] bool has_flag(const Dwarf_Die& die, unsigned attribute);
[[nodiscard]] bool has_attribute(const Dwarf_Die& die, unsigned attribute);
// The entry that an attribute refers to.
[[nodiscard]] std::optional<Dwarf_Die> referred(const Dwarf_Die& die, unsigned attribute);
// DW_AT_type; nullopt for void.
[[nodiscard]] std::optional<Dwarf_Die> type_of(const Dwarf_Die& die);
// The type behind typedefs and qualifiers; nullopt for void and for what is malformed.
[[nodiscard]] std::optional<Dwarf_Die> strip_qualifiers(std::optional<Dwarf_Die> die);
// wchar_t, char16_t, char32_t, or a typedef of one.
[[nodiscard]] bool is_wide_character(std::optional<Dwarf_Die> type);
// Bytes of a type; 0 if unknown.
[[nodiscard]] std::uint64_t size_of_type(const Dwarf_Die& type);
// Elements of one DW_TAG_subrange_type; 0 if it does not tell.
[[nodiscard]] std::uint64_t count_of(const Dwarf_Die& subrange);
// DW_AT_data_member_location: bytes from the start of the record; nullopt if it is computed at run time.
[[nodiscard]] std::optional<std::uint64_t> member_offset(const Dwarf_Die& member);
// A member that lies in the objects of its record, and not a static one.
[[nodiscard]] bool is_data_member(const Dwarf_Die& member);

// Calls visit(child) for the children in order until it returns true; the result says whether it did.
template <class Visit>
bool each_child(const Dwarf_Die& parent, Visit&& visit) {
  Dwarf_Die copy = parent;
  Dwarf_Die child;
  if (dwarf_child(&copy, &child) != 0) return false;
  for (;;) {
    if (visit(static_cast<const Dwarf_Die&>(child))) return true;
    Dwarf_Die next;
    if (dwarf_siblingof(&child, &next) != 0) return false;
    // Siblings lie behind each other: a reference back would never end.
    if (next.addr <= child.addr) return false;
    child = next;
  }
}

}  // namespace sonde::kernel
