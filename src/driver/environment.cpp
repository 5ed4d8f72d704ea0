#include "driver/environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace sonde::driver {

Result<Environment> read_environment() {
  Environment environment;
  for (const plan::SettingRow& row : plan::settings()) {
    std::string upper(row.name);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    for (const std::string& name : {"SONDE_" + upper, "BPFTRACE_" + upper}) {
      const char* value = std::getenv(name.c_str());
      if (value == nullptr) continue;
      if (!row.apply(environment.settings, value)) {
        return fail(fmt::format("{}: '{}' is not one of its values", name, value), 0,
                    fmt::format("it takes {}", row.allowed));
      }
      environment.set.emplace(row.name);
      break;
    }
  }
  return environment;
}

}  // namespace sonde::driver
