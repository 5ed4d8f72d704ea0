#include "plan/system_calls.h"

#include <algorithm>

namespace sonde::plan {
namespace {

struct Row {
  std::string_view event;
  std::string_view name;
  int x86_64;
  int aarch64;

  [[nodiscard]] std::optional<std::uint32_t> number(Arch arch) const {
    const int number = arch == Arch::X86_64 ? x86_64 : aarch64;
    if (number < 0) return std::nullopt;
    return static_cast<std::uint32_t>(number);
  }
};

// Sorted by event.
constexpr Row kRows[] = {
#define SONDE_SYSTEM_CALL(event, name, x86_64, aarch64) {#event, #name, x86_64, aarch64},
#include "plan/system_calls.def"
};
static_assert(std::ranges::is_sorted(kRows, {}, &Row::event));

}  // namespace

std::vector<std::string_view> syscall_names(Arch arch) {
  std::vector<std::string_view> names;
  for (const Row& row : kRows) {
    const auto number = row.number(arch);
    if (!number) continue;
    if (*number >= names.size()) names.resize(*number + 1);
    names[*number] = row.name;
  }
  return names;
}

std::optional<std::uint32_t> syscall_number(std::string_view event, Arch arch) {
  for (const std::string_view prefix : {"sys_enter_", "sys_exit_"}) {
    if (!event.starts_with(prefix)) continue;
    const std::string_view name = event.substr(prefix.size());
    const Row* row = std::ranges::lower_bound(kRows, name, {}, &Row::event);
    return row != std::end(kRows) && row->event == name ? row->number(arch) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace sonde::plan
