#include "driver/environment.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/text.h"
#include "diag/emitter.h"
#include "kernel/btf.h"

namespace sonde::driver {
namespace {

constexpr std::string_view kPrefixes[] = {"SONDE_", "BPFTRACE_"};

std::string upper(std::string_view name) {
  std::string text(name);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

// SONDE_ goes before BPFTRACE_, a present name before an older one.
Result<void> read_setting(const plan::SettingRow& row, Environment& environment) {
  for (const std::string_view prefix : kPrefixes) {
    for (const std::string_view name : plan::names_of(row)) {
      const std::string variable = std::string(prefix) + upper(name);
      const char* value = std::getenv(variable.c_str());
      if (value == nullptr) continue;
      if (!row.apply(environment.settings, value)) {
        return fail(fmt::format("{}: '{}' is not one of its values", variable, value), 0,
                    fmt::format("it takes {}", row.allowed));
      }
      environment.set.emplace(row.name);
      return {};
    }
  }
  return {};
}

bool is_known(std::string_view bare) {
  const auto only = plan::environment_only();
  return plan::find_setting(bare) != nullptr ||
         std::any_of(only.begin(), only.end(), [&](const auto& row) { return row.name == bare; });
}

// A name with the prefix that nobody reads, and that is close to one that is read.
std::vector<std::string> misspelt() {
  std::vector<std::string> names;
  for (const plan::SettingRow& row : plan::settings()) names.push_back(upper(row.name));
  for (const plan::EnvironmentRow& row : plan::environment_only()) names.push_back(upper(row.name));
  std::vector<std::string> warnings;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view variable = split(*entry, '=').front();
    for (const std::string_view prefix : kPrefixes) {
      if (!variable.starts_with(prefix)) continue;
      const std::string_view name = variable.substr(prefix.size());
      if (is_known(plan::bare_setting_name(name))) continue;
      std::vector<std::string> best = nearest(name, names);
      if (best.empty()) continue;
      for (std::string& candidate : best) candidate = std::string(prefix) + candidate;
      warnings.push_back(fmt::format("{} has no meaning; {}", variable, diag::did_you_mean(best)));
    }
  }
  return warnings;
}

Result<void> read_environment_only(Environment& environment) {
  if (const auto file = environment_value("BTF")) {
    if (const auto btf = kernel::Btf::open(file->value); !btf) {
      return fail(file->variable + ": " + btf.error().what, btf.error().code,
                  "it takes a file of raw type information, like /sys/kernel/btf/vmlinux");
    }
    environment.btf_file = file->value;
  }
  const auto color = environment_value("COLOR");
  constexpr std::string_view kColors[] = {"auto", "always", "never"};
  if (!color || std::ranges::find(kColors, color->value) != std::end(kColors)) return {};
  return fail(fmt::format("{}: '{}' is not one of its values", color->variable, color->value), 0,
              "it takes auto, always, never");
}

}  // namespace

Result<Environment> read_environment() {
  Environment environment;
  for (const plan::SettingRow& row : plan::settings()) {
    if (auto read = read_setting(row, environment); !read) return std::unexpected(read.error());
  }
  if (auto read = read_environment_only(environment); !read) return std::unexpected(read.error());
  environment.warnings = misspelt();
  return environment;
}

std::optional<EnvironmentValue> environment_value(std::string_view name) {
  for (const std::string_view prefix : kPrefixes) {
    std::string variable = std::string(prefix) + std::string(name);
    const char* value = std::getenv(variable.c_str());
    if (value != nullptr && *value != '\0') return EnvironmentValue{std::move(variable), value};
  }
  return std::nullopt;
}

}  // namespace sonde::driver
