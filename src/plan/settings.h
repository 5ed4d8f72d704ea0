// Config variables by name, for the script's config block and the environment.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "plan/manifest.h"

namespace sonde::plan {

struct SettingRow {
  std::string_view name;
  std::string_view allowed;  // "error, warn, ignore"
  std::string_view doc;
  // Parses `value` into its member; false if it is not allowed.
  bool (*apply)(Settings&, std::string_view value);
};

[[nodiscard]] std::span<const SettingRow> settings();

// The row of `name`, which may also be written in upper case and with the prefix SONDE_ or BPFTRACE_; null if unknown.
[[nodiscard]] const SettingRow* find_setting(std::string_view name);

}  // namespace sonde::plan
