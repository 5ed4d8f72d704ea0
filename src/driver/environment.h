// Config variables from the environment: SONDE_X, and BPFTRACE_X for old habits.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/settings.h"

namespace sonde::driver {

struct Environment {
  plan::Settings settings;
  std::set<std::string> set;          // Names of the settings that the environment gave.
  std::vector<std::string> warnings;  // Names that look like misspelt ones.
  std::string btf_file;               // SONDE_BTF; "" for the running kernel's.
};

// An error names the variable and its allowed values.
[[nodiscard]] Result<Environment> read_environment();

struct EnvironmentValue {
  std::string variable;  // "SONDE_BTF"
  std::string value;
};
// SONDE_NAME, or else BPFTRACE_NAME; nothing if neither is set or both are empty. `name` in upper case.
[[nodiscard]] std::optional<EnvironmentValue> environment_value(std::string_view name);

}  // namespace sonde::driver
