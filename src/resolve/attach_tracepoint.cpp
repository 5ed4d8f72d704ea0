// tracepoint:CATEGORY:EVENT and rawtracepoint:[MODULE:]EVENT
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "ast/walk.h"
#include "base/glob.h"
#include "base/text.h"
#include "resolve/attach.h"

namespace sonde::resolve {
namespace {

// The events nearest to what was written: in the category if it exists, among all otherwise.
std::string nearest_tracepoints(Expansion& e) {
  const bool has_category = e.point.pieces.size() > 1;
  const auto all = e.view.tracepoints("*", "*");
  if (!all) return {};
  std::vector<std::string> in_category;
  std::vector<std::string> everywhere;
  for (const kernel::Tracepoint& tracepoint : *all) {
    const std::string full = tracepoint.category + ":" + tracepoint.name;
    everywhere.push_back(full);
    if (has_category && tracepoint.category == e.piece(0)) in_category.push_back(full);
  }
  const std::string wanted = e.piece(0) + (has_category ? ":" + e.piece(1) : "");
  std::vector<std::string> best = nearest(wanted, in_category.empty() ? everywhere : in_category);
  for (std::string& name : best) name = "tracepoint:" + name;
  if (!best.empty()) return diag::did_you_mean(best);
  // `syscalls:openat` for `syscalls:sys_enter_openat`: the event's name alone is what is nearest.
  if (has_category && e.piece(1).size() >= 3) {
    std::vector<std::string> holders;
    for (const std::string& full : in_category) {
      if (full.substr(full.find(':')).find(e.piece(1)) != std::string::npos)
        holders.push_back("tracepoint:" + full);
    }
    if (!holders.empty() && holders.size() <= 3) return diag::did_you_mean(holders);
  }
  return "list those of this kernel with: sonde -l 'tracepoint:*'";
}

// `looks`: the program looks at its context. Formats take 30 us each: they are read for such programs, and for events
// that can only be attached by id.
void add_tracepoint(Expansion& e, const kernel::Tracepoint& tracepoint, bool looks) {
  plan::AttachPoint& place = e.add(tracepoint.category + ":" + tracepoint.name);
  place.target = tracepoint.category;
  place.symbol = tracepoint.name;
  place.has_raw = !looks && e.view.has_raw_tracepoint(tracepoint.category, tracepoint.name);
  if (place.has_raw) return;
  const auto format = e.view.tracepoint_format(tracepoint.category, tracepoint.name);
  if (!format) return e.host_failed(format.error());
  place.event_id = format->id;
  place.args = format->args;
}

}  // namespace

void expand_Tracepoint(Expansion& e) {
  if (e.point.pieces.size() == 1 && !e.piece(0).empty()) {
    const auto found = e.view.tracepoints("*", e.piece(0));
    if (found && !found->empty())
      return e.syntax(e.point.location, "the category is missing",
                      diag::did_you_mean({fmt::format("tracepoint:{}:{}", found->front().category,
                                                      found->front().name)}));
  }
  if (!e.expect_pieces(2, 2)) return;
  const auto found = e.view.tracepoints(e.piece(0), e.piece(1));
  if (!found) return e.host_failed(found.error());
  if (found->empty()) return e.not_found(nearest_tracepoints(e));
  // A kernel stack taken in a raw tracepoint begins with the frames of BPF itself; the perf form has the caller's registers.
  const bool looks = ast::mentions(e.probe, "args") || ast::mentions(e.probe, "ctx") ||
                     ast::mentions(e.probe, "kstack");
  for (const kernel::Tracepoint& tracepoint : *found) add_tracepoint(e, tracepoint, looks);
}

void expand_RawTracepoint(Expansion& e) {
  if (!e.expect_pieces(1, 2)) return;
  const std::string& name = e.piece(e.point.pieces.size() - 1);
  const auto found = e.view.raw_tracepoints(name);
  if (!found) return e.host_failed(found.error());
  if (found->empty()) {
    const auto all = e.view.raw_tracepoints("*");
    return e.not_found(all ? diag::did_you_mean(nearest(name, *all)) : std::string{});
  }
  const bool has_module = e.point.pieces.size() > 1;
  const std::size_t before = e.out.size();
  for (const std::string& event : *found) {
    const auto signature = e.view.raw_tracepoint_signature(event);
    if (has_module && signature && !glob_match(e.piece(0), signature->module)) continue;
    plan::AttachPoint& place = e.add(event);
    place.symbol = event;
    if (!signature) continue;
    place.args = signature->args;
    if (signature->module != "vmlinux") place.target = signature->module;
  }
  if (e.out.size() == before)
    e.not_found("leave out the module: names of raw tracepoints are unique");
}

}  // namespace sonde::resolve
