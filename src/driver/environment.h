// Config variables from the environment: SONDE_X, and BPFTRACE_X for old habits.
#pragma once

#include <set>
#include <string>

#include "base/result.h"
#include "plan/settings.h"

namespace sonde::driver {

struct Environment {
  plan::Settings settings;
  std::set<std::string> set;  // Names of the settings that the environment gave.
};

// An error names the variable and its allowed values.
[[nodiscard]] Result<Environment> read_environment();

}  // namespace sonde::driver
