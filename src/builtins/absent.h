// Names that scripts use and that sonde does not have: what bpftrace has and is to come, and what other languages have.
// For messages only.
#pragma once

#include <span>
#include <string_view>

namespace sonde::builtins {

struct PlannedName {
  std::string_view name;
  std::string_view instead;  // What serves until then; may be empty.
};

[[nodiscard]] std::span<const PlannedName> planned_names();

// Null if there is none.
[[nodiscard]] const PlannedName* find_planned(std::string_view name);

// What serves here for a name of another language; "" if it is not known.
[[nodiscard]] std::string_view foreign_hint(std::string_view name);
[[nodiscard]] std::string_view foreign_probe_hint(std::string_view name);
[[nodiscard]] std::string_view foreign_type_hint(std::string_view name);

}  // namespace sonde::builtins
