#include "plan/settings.h"

#include <algorithm>
#include <bit>
#include <cctype>

#include "base/integer.h"
#include "base/text.h"

namespace sonde::plan {
namespace {

bool parse_u32(std::uint32_t& member, std::string_view value) {
  const auto number = parse_integer(value);
  if (!number || *number == 0 || *number > UINT32_MAX) return false;
  member = static_cast<std::uint32_t>(*number);
  return true;
}

// The ring's records and the scratch map bound the size of one string.
bool parse_strlen(std::uint32_t& member, std::string_view value) {
  std::uint32_t number = 0;
  if (!parse_u32(number, value) || number < 8 || number > 16384) return false;
  member = number;
  return true;
}

// The kernel wants a power of two of whole pages.
bool parse_pages(std::uint32_t& member, std::string_view value) {
  std::uint32_t pages = 0;
  if (!parse_u32(pages, value) || pages > 16384) return false;
  member = std::bit_ceil(pages) * 4096;
  return true;
}

bool parse_bool(bool& member, std::string_view value) {
  const bool yes = value == "true" || value == "1";
  if (!yes && value != "false" && value != "0") return false;
  member = yes;
  return true;
}

bool parse_inverted_bool(bool& member, std::string_view value) {
  bool opposite = false;
  if (!parse_bool(opposite, value)) return false;
  member = !opposite;
  return true;
}

// The kernel refuses shorter buffers, and since 5.17 larger ones (UINT_MAX >> 2).
bool parse_log_size(std::uint32_t& member, std::string_view value) {
  std::uint32_t number = 0;
  if (!parse_u32(number, value) || number < 128 || number > UINT32_MAX >> 2) return false;
  member = number;
  return true;
}

bool parse_text(std::string& member, std::string_view value) {
  member = value;
  return true;
}

bool parse_license(std::string& member, std::string_view value) {
  constexpr std::string_view kAllowed[] = {
      "GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"};
  if (std::find(std::begin(kAllowed), std::end(kAllowed), value) == std::end(kAllowed))
    return false;
  member = value;
  return true;
}

bool parse_stack_mode(types::StackMode& member, std::string_view value) {
  const auto* found = std::ranges::find(types::kStackModeNames, value);
  if (found == std::end(types::kStackModeNames)) return false;
  member = static_cast<types::StackMode>(found - std::begin(types::kStackModeNames));
  return true;
}

bool parse_missing_probes(Settings::MissingProbes& member, std::string_view value) {
  if (value == "error") {
    member = Settings::MissingProbes::Error;
  } else if (value == "warn") {
    member = Settings::MissingProbes::Warn;
  } else if (value == "ignore") {
    member = Settings::MissingProbes::Ignore;
  } else {
    return false;
  }
  return true;
}

// One of two words, of which the second sets the member.
bool parse_choice(bool& member, std::string_view value, std::string_view no, std::string_view yes) {
  if (value != no && value != yes) return false;
  member = value == yes;
  return true;
}

bool parse_maps_order(bool& descending, std::string_view value) {
  return parse_choice(descending, value, "ascending", "descending");
}

bool parse_json_detail(bool& full, std::string_view value) {
  return parse_choice(full, value, "basic", "full");
}

bool parse_maps_by(Settings::MapsBy& member, std::string_view value) {
  bool by_key = false;
  if (!parse_choice(by_key, value, "value", "key")) return false;
  member = by_key ? Settings::MapsBy::Key : Settings::MapsBy::Value;
  return true;
}

bool parse_escape(Settings::Escape& member, std::string_view value) {
  if (value == "auto") {
    member = Settings::Escape::Auto;
  } else if (value == "always") {
    member = Settings::Escape::Always;
  } else if (value == "never") {
    member = Settings::Escape::Never;
  } else {
    return false;
  }
  return true;
}

bool parse_unstable(Settings::Unstable& member, std::string_view value) {
  if (value == "error") {
    member = Settings::Unstable::Error;
  } else if (value == "warn") {
    member = Settings::Unstable::Warn;
  } else if (value == "enable") {
    member = Settings::Unstable::Enable;
  } else {
    return false;
  }
  return true;
}

// --- values of settings without effect: a wrong one is a mistake all the same ---

bool check_bool(std::string_view value) {
  bool member = false;
  return parse_bool(member, value);
}

bool check_u32(std::string_view value) {
  std::uint32_t member = 0;
  return parse_u32(member, value);
}

bool check_unstable(std::string_view value) {
  Settings::Unstable member{};
  return parse_unstable(member, value);
}

// Before bpftrace 0.18 it was a number.
bool check_user_cache(std::string_view value) {
  constexpr std::string_view kAllowed[] = {"PER_PID", "PER_PROGRAM", "NONE", "0", "1"};
  return std::find(std::begin(kAllowed), std::end(kAllowed), value) != std::end(kAllowed);
}

bool check_symbol_source(std::string_view value) {
  return value == "symbol_table" || value == "dwarf";
}

constexpr SettingRow kRows[] = {
#define SONDE_SETTING(name, older, parser, member, allowed, doc) \
  {name, older, allowed, doc,                                    \
   [](Settings& settings, std::string_view value) { return parser(settings.member, value); }},
#define SONDE_SETTING_IGNORED(name, older, parser, allowed, doc) \
  {name, older, allowed, doc, [](Settings&, std::string_view value) { return parser(value); }},
#include "plan/settings.def"
};

constexpr EnvironmentRow kEnvironmentOnly[] = {
#define SONDE_ENVIRONMENT(name, doc) {name, doc},
#include "plan/environment.def"
};

}  // namespace

std::span<const SettingRow> settings() { return kRows; }

std::span<const EnvironmentRow> environment_only() { return kEnvironmentOnly; }

std::string bare_setting_name(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string_view prefix : {"sonde_", "bpftrace_"}) {
    if (lower.starts_with(prefix)) return lower.substr(prefix.size());
  }
  return lower;
}

std::vector<std::string_view> names_of(const SettingRow& row) {
  std::vector<std::string_view> names = {row.name};
  if (row.older_names.empty()) return names;
  for (const std::string_view older : split(row.older_names, ',')) names.push_back(trim(older));
  return names;
}

const SettingRow* find_setting(std::string_view name) {
  const std::string bare = bare_setting_name(name);
  for (const SettingRow& row : kRows) {
    for (const std::string_view known : names_of(row)) {
      if (known == bare) return &row;
    }
  }
  return nullptr;
}

}  // namespace sonde::plan
