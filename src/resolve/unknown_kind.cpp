#include "resolve/unknown_kind.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "builtins/absent.h"
#include "builtins/tables.h"

namespace sonde::resolve {
namespace {

// `sched:sched_switch` and `sched_switch`: the kind is missing.
std::string as_tracepoint(const ast::AttachPoint& point, kernel::View& view) {
  if (point.pieces.size() > 1) return {};
  const std::string category = point.pieces.empty() ? "*" : point.provider;
  const std::string& name = point.pieces.empty() ? point.provider : point.pieces[0].text;
  const auto found = view.tracepoints(category, name);
  if (!found || found->empty()) return {};
  const std::string event = point.pieces.empty() ? found->front().name : name;
  return diag::did_you_mean({fmt::format("tracepoint:{}:{}", found->front().category, event)});
}

// `tracepoint.sched.sched_switch`, `profile-99`: other characters stand where the ':' belong.
std::string with_colons(const ast::AttachPoint& point) {
  const std::size_t end = point.provider.find_first_of("./-");
  if (end == std::string::npos || end == 0) return {};
  const builtins::ProbeKind* kind = builtins::find_probe_kind(point.provider.substr(0, end));
  if (kind == nullptr) return {};
  std::string rest = point.text.substr(end + 1);
  const bool is_rate = kind->id == builtins::ProbeKindId::Profile &&
                       rest.find_first_not_of("0123456789") == std::string::npos;
  if (is_rate) rest = "hz:" + rest;
  const char separator = point.provider[end];
  if (separator != '-') std::ranges::replace(rest, separator, ':');
  return diag::did_you_mean({fmt::format("{}:{}", kind->name, rest)});
}

// `page-faults`
std::string as_software_event(const ast::AttachPoint& point) {
  static constexpr std::string_view kNames[] = {
#define SONDE_SOFTWARE_EVENT(name, alias, number, count) name,
#include "resolve/software_events.def"
  };
  const bool is_event =
      point.pieces.empty() && std::ranges::find(kNames, point.provider) != std::end(kNames);
  return is_event ? diag::did_you_mean({"software:" + point.provider}) : std::string();
}

}  // namespace

void report_unknown_kind(const ast::AttachPoint& point, kernel::View& view,
                         diag::Emitter& emitter) {
  auto report =
      emitter.emit(diag::kinds::UnknownProbeType, point.provider_location, point.provider);
  std::string hint(builtins::foreign_probe_hint(
      point.provider.substr(0, point.provider.find('-'))));  // `tick-1s`
  if (hint.empty()) hint = with_colons(point);
  if (hint.empty()) hint = as_software_event(point);
  if (hint.empty()) hint = as_tracepoint(point, view);
  if (!hint.empty()) {
    report.hint(std::move(hint));
    return;
  }
  std::vector<std::string> names;
  for (const builtins::ProbeKind& kind : builtins::probe_kinds()) names.emplace_back(kind.name);
  const std::string best = diag::did_you_mean(nearest(point.provider, names));
  report.hint(best.empty() ? fmt::format("probe types are {}", fmt::join(names, ", ")) : best);
}

}  // namespace sonde::resolve
