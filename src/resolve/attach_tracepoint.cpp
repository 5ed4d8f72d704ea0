// tracepoint:CATEGORY:EVENT and rawtracepoint:[MODULE:]EVENT
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
  return "list those of this kernel with: sonde -l 'tracepoint:*'";
}

void add_tracepoint(Expansion& e, const kernel::Tracepoint& tracepoint, bool needs_format) {
  plan::AttachPoint& place = e.add(tracepoint.category + ":" + tracepoint.name);
  place.target = tracepoint.category;
  place.symbol = tracepoint.name;
  if (!needs_format) return;
  const auto format = e.view.tracepoint_format(tracepoint.category, tracepoint.name);
  if (!format) return e.host_failed(format.error());
  place.event_id = format->id;
  place.args = format->args;
}

}  // namespace

void expand_Tracepoint(Expansion& e) {
  if (!e.expect_pieces(2, 2)) return;
  const auto found = e.view.tracepoints(e.piece(0), e.piece(1));
  if (!found) return e.host_failed(found.error());
  if (found->empty()) return e.not_found(nearest_tracepoints(e));
  // Formats take 30 us each: read them for a program that looks at its context, or that can only be attached by id.
  const bool looks = ast::mentions(e.probe, "args") || ast::mentions(e.probe, "ctx");
  for (const kernel::Tracepoint& tracepoint : *found) {
    add_tracepoint(e, tracepoint, looks || !plan::has_raw_tracepoint(tracepoint.category));
  }
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
  for (const std::string& event : *found) {
    plan::AttachPoint& place = e.add(event);
    place.symbol = event;
    if (e.point.pieces.size() > 1) place.target = e.piece(0);
    if (const auto signature = e.view.raw_tracepoint_signature(event)) place.args = signature->args;
  }
}

}  // namespace sonde::resolve
