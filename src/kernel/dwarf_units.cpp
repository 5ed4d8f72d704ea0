#include "kernel/dwarf_units.h"

#include <algorithm>

namespace sonde::kernel {
namespace {

// Calls visit(begin, end) for each range of the entry's code.
template <class Visit>
void each_range(const Dwarf_Die& die, Visit&& visit) {
  Dwarf_Die copy = die;
  Dwarf_Addr base = 0;
  Dwarf_Addr begin = 0;
  Dwarf_Addr end = 0;
  for (std::ptrdiff_t at = 0; (at = dwarf_ranges(&copy, at, &base, &begin, &end)) > 0;) {
    // Code that the linker has dropped keeps ranges that begin at 0.
    if (begin < end && begin != 0) visit(begin, end);
  }
}

bool holds_functions(int tag) {
  switch (tag) {
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type:
    case DW_TAG_enumeration_type:
    case DW_TAG_subprogram: return true;
    default: return false;
  }
}

}  // namespace

std::optional<std::uint64_t> entry_of(const Dwarf_Die& function) {
  Dwarf_Die copy = function;
  Dwarf_Addr entry = 0;
  if (dwarf_entrypc(&copy, &entry) != 0) return std::nullopt;
  return entry;
}

const std::vector<Dwarf_Die>& DwarfUnits::all() {
  if (units_) return *units_;
  units_.emplace();
  Dwarf_CU* unit = nullptr;
  Dwarf_Half version = 0;
  std::uint8_t kind = 0;
  Dwarf_Die die;
  Dwarf_Die split;
  // A broken unit is the last: where the next one begins is not known.
  while (dwarf_get_units(dwarf_, unit, &unit, &version, &kind, &die, &split) == 0) {
    const bool is_split = kind == DW_UT_skeleton && dwarf_tag(&split) != DW_TAG_invalid;
    if (kind == DW_UT_skeleton && !is_split) continue;
    units_->push_back(is_split ? split : die);
    skeletons_.push_back(die);
  }
  return *units_;
}

void DwarfUnits::read_ranges() {
  ranges_.emplace();
  const std::size_t count = all().size();
  for (std::size_t i = 0; i < count; ++i) {
    each_range(skeletons_[i], [&](std::uint64_t begin, std::uint64_t end) {
      ranges_->push_back({begin, end, i});
    });
  }
  std::ranges::sort(*ranges_, {}, &Range::begin);
}

void DwarfUnits::collect(const Dwarf_Die& parent, int depth, std::vector<Function>& out) {
  if (depth > kMaxDieDepth) return;
  each_child(parent, [&](const Dwarf_Die& child) {
    const int tag = tag_of(child);
    if (tag == DW_TAG_subprogram) {
      each_range(child, [&](std::uint64_t begin, std::uint64_t end) {
        out.push_back({begin, end, child});
      });
    }
    if (holds_functions(tag)) collect(child, depth + 1, out);
    return false;
  });
}

const std::vector<DwarfUnits::Function>& DwarfUnits::functions_of(std::size_t unit) {
  const auto [slot, is_new] = functions_.try_emplace(unit);
  if (is_new) {
    collect(all()[unit], 0, slot->second);
    std::ranges::stable_sort(slot->second, {}, &Function::begin);
  }
  return slot->second;
}

std::optional<DwarfUnits::Unit> DwarfUnits::unit_at(std::uint64_t pc) {
  if (!ranges_) read_ranges();
  constexpr int kMaxLooks = 64;  // As below.
  auto range = std::ranges::upper_bound(*ranges_, pc, {}, &Range::begin);
  for (int looks = 0; range != ranges_->begin() && looks < kMaxLooks; ++looks) {
    --range;
    if (pc < range->end) return Unit{all()[range->unit], skeletons_[range->unit]};
  }
  return std::nullopt;
}

std::optional<Dwarf_Die> DwarfUnits::function_at(std::uint64_t pc) {
  if (!ranges_) read_ranges();
  // Ranges of units do not overlap, but nothing obliges them to: those that begin in front of `pc` are looked at from the
  // nearest on.
  constexpr int kMaxLooks = 64;
  auto range = std::ranges::upper_bound(*ranges_, pc, {}, &Range::begin);
  for (int looks = 0; range != ranges_->begin() && looks < kMaxLooks; ++looks) {
    --range;
    if (pc >= range->end) continue;
    const std::vector<Function>& functions = functions_of(range->unit);
    auto next = std::ranges::upper_bound(functions, pc, {}, &Function::begin);
    while (next != functions.begin()) {
      --next;
      if (pc < next->end) return next->die;
      if (pc - next->begin > UINT32_MAX) break;
    }
  }
  return std::nullopt;
}

}  // namespace sonde::kernel
