#include "kernel/system_calls.h"

#include <algorithm>

namespace sonde::kernel {
namespace {

struct Row {
  std::string_view name;
  int x86_64;
  int arm64;
};

// Sorted by name.
constexpr Row kRows[] = {
#define SONDE_SYSTEM_CALL(name, x86_64, arm64) {#name, x86_64, arm64},
#include "kernel/system_calls.def"
};
static_assert(std::ranges::is_sorted(kRows, {}, &Row::name));

}  // namespace

std::optional<std::uint32_t> system_call_number(std::string_view event, plan::Arch arch) {
  for (const std::string_view prefix : {"sys_enter_", "sys_exit_"}) {
    if (!event.starts_with(prefix)) continue;
    const std::string_view name = event.substr(prefix.size());
    const Row* row = std::ranges::lower_bound(kRows, name, {}, &Row::name);
    if (row == std::end(kRows) || row->name != name) return std::nullopt;
    const int number = arch == plan::Arch::X86_64 ? row->x86_64 : row->arm64;
    if (number < 0) return std::nullopt;
    return static_cast<std::uint32_t>(number);
  }
  return std::nullopt;
}

}  // namespace sonde::kernel
