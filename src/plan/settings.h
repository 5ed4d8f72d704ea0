// Config variables by name, for the script's config block and the environment.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/manifest.h"

namespace sonde::plan {

struct SettingRow {
  std::string_view name;
  std::string_view older_names;  // Comma separated; may be empty.
  std::string_view allowed;      // "error, warn, ignore"
  std::string_view doc;
  // Parses `value` into its member, if the setting has one; false if it is not allowed.
  bool (*apply)(Settings&, std::string_view value);
};

[[nodiscard]] std::span<const SettingRow> settings();

// The row of `name`, which may also be an older name, in upper case and with the prefix SONDE_ or BPFTRACE_; null if
// unknown.
[[nodiscard]] const SettingRow* find_setting(std::string_view name);

// All names of `row`, the present one first.
[[nodiscard]] std::vector<std::string_view> names_of(const SettingRow& row);

// What only the environment can set, in lower case without prefix, e.g. "color".
struct EnvironmentRow {
  std::string_view name;
  std::string_view doc;
};
[[nodiscard]] std::span<const EnvironmentRow> environment_only();

// `name` in lower case, without the prefix SONDE_ or BPFTRACE_.
[[nodiscard]] std::string bare_setting_name(std::string_view name);

}  // namespace sonde::plan
