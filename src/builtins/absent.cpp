#include "builtins/absent.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sonde::builtins {
namespace {

constexpr std::size_t kPlannedCount = 0
#define SONDE_PLANNED(name, instead) +1
#include "builtins/planned.def"
    ;
// There may be none.
constexpr std::array<PlannedName, kPlannedCount> kPlannedNames = {
#define SONDE_PLANNED(name, instead) PlannedName{name, instead},
#include "builtins/planned.def"
};

constexpr PlannedName kForeign[] = {
#define SONDE_FOREIGN(name, hint) {name, hint},
#define SONDE_FOREIGN_PROBE(name, hint)
#define SONDE_FOREIGN_TYPE(name, hint)
#include "builtins/foreign.def"
};

constexpr PlannedName kForeignProbes[] = {
#define SONDE_FOREIGN(name, hint)
#define SONDE_FOREIGN_PROBE(name, hint) {name, hint},
#define SONDE_FOREIGN_TYPE(name, hint)
#include "builtins/foreign.def"
};

constexpr PlannedName kForeignTypes[] = {
#define SONDE_FOREIGN(name, hint)
#define SONDE_FOREIGN_PROBE(name, hint)
#define SONDE_FOREIGN_TYPE(name, hint) {name, hint},
#include "builtins/foreign.def"
};

const PlannedName* find(std::span<const PlannedName> rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, &PlannedName::name);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::span<const PlannedName> planned_names() { return kPlannedNames; }

const PlannedName* find_planned(std::string_view name) { return find(kPlannedNames, name); }

namespace {

std::string_view hint_in(std::span<const PlannedName> rows, std::string_view name) {
  const PlannedName* row = find(rows, name);
  return row == nullptr ? std::string_view() : row->instead;
}

}  // namespace

std::string_view foreign_hint(std::string_view name) { return hint_in(kForeign, name); }
std::string_view foreign_probe_hint(std::string_view name) { return hint_in(kForeignProbes, name); }
std::string_view foreign_type_hint(std::string_view name) { return hint_in(kForeignTypes, name); }

}  // namespace sonde::builtins
