#include "plan/settings.h"

#include <algorithm>
#include <bit>
#include <cctype>

#include "base/text.h"

namespace sonde::plan {
namespace {

bool parse_u32(std::uint32_t& member, std::string_view value) {
  const auto number = parse_u64(value);
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
  if (value == "bpftrace") {
    member = types::StackMode::Bpftrace;
  } else if (value == "perf") {
    member = types::StackMode::Perf;
  } else if (value == "raw") {
    member = types::StackMode::Raw;
  } else {
    return false;
  }
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

constexpr SettingRow kRows[] = {
#define SONDE_SETTING(name, parser, member, allowed, doc) \
  {name, allowed, doc,                                    \
   [](Settings& settings, std::string_view value) { return parser(settings.member, value); }},
#include "plan/settings.def"
};

}  // namespace

std::span<const SettingRow> settings() { return kRows; }

const SettingRow* find_setting(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string_view bare = lower;
  for (const std::string_view prefix : {"sonde_", "bpftrace_"}) {
    if (bare.starts_with(prefix)) bare.remove_prefix(prefix.size());
  }
  const auto row = std::find_if(std::begin(kRows), std::end(kRows),
                                [&](const SettingRow& r) { return r.name == bare; });
  return row == std::end(kRows) ? nullptr : row;
}

}  // namespace sonde::plan
