#include "resolve/suggest.h"

#include <fmt/format.h>

#include "base/glob.h"
#include "base/text.h"

namespace sonde::resolve {
namespace {

struct Suggestion {
  std::string_view functions, entry, result;
};
constexpr Suggestion kSuggestions[] = {
#define SONDE_SUGGESTION(functions, entry, result) {functions, entry, result},
#include "resolve/suggestions.def"
};

// "__x64_sys_openat" -> "openat"; "" for what is no system call.
std::string_view system_call_of(std::string_view function) {
  for (const std::string_view prefix : {"__x64_sys_", "__arm64_sys_", "__ia32_sys_", "__se_sys_",
                                        "__do_sys_", "ksys_", "SyS_", "sys_"}) {
    if (function.starts_with(prefix)) return function.substr(prefix.size());
  }
  return {};
}

// Events only; what needs no event of this kernel is always there.
bool exists(kernel::View& view, std::string_view probe) {
  const std::vector<std::string_view> parts = split(probe, ':');
  if (parts.front() != "tracepoint") return true;
  const auto found = view.tracepoints(parts[1], parts[2]);
  return found && !found->empty();
}

}  // namespace

std::string suggest_instead(kernel::View& view, std::string_view function, bool is_return) {
  if (is_glob(function)) return {};
  const std::string_view call = system_call_of(function);
  if (!call.empty()) {
    std::string event =
        fmt::format("tracepoint:syscalls:sys_{}_{}", is_return ? "exit" : "enter", call);
    if (exists(view, event)) return event;
  }
  for (const Suggestion& row : kSuggestions) {
    const std::string_view probe = is_return ? row.result : row.entry;
    if (glob_match(row.functions, function) && !probe.empty() && exists(view, probe))
      return std::string(probe);
  }
  const auto raw = view.raw_tracepoints(function);
  return raw && !raw->empty() ? fmt::format("rawtracepoint:{}", function) : std::string();
}

}  // namespace sonde::resolve
