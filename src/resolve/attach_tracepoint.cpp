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
    std::vector<std::string> ending;
    for (const std::string& full : in_category) {
      if (full.substr(full.find(':')).find(e.piece(1)) == std::string::npos) continue;
      holders.push_back("tracepoint:" + full);
      if (full.ends_with("_" + e.piece(1))) ending.push_back(holders.back());
    }
    if (!ending.empty()) holders = std::move(ending);
    if (!holders.empty() && holders.size() <= 3) return diag::did_you_mean(holders);
  }
  return "list those of this kernel with: sonde -l 'tracepoint:*'";
}

// What the probe's code asks of the event's record.
struct Looks {
  bool at_record = false;  // The program reads it, or a stack whose start only the perf form has.
  bool at_fields = false;  // By args.NAME alone.
};

Looks looks_of(const Expansion& e) {
  std::size_t uses = 0;
  std::size_t fields = 0;
  const auto is_args = [](const ast::Node* node) {
    const auto* name = ast::as<ast::Identifier>(node);
    return name != nullptr && name->name == "args";
  };
  const auto look = [&](ast::Node& node) {
    if (is_args(&node)) ++uses;
    const auto* member = ast::as<ast::Member>(&node);
    if (member != nullptr && is_args(member->object)) ++fields;
  };
  ast::walk(e.probe, look);
  // A kernel stack taken in a raw tracepoint begins with the frames of BPF itself; the perf form has the caller's registers.
  const bool others = ast::mentions(e.probe, "ctx") || ast::mentions(e.probe, "kstack");
  return {others || uses != 0, !others && uses == fields};
}

// The record is made of the call's number and of what the caller's registers hold, and of nothing else.
bool is_in_registers(const types::Type* args) {
  constexpr std::uint32_t kNumber = 8;
  constexpr std::uint32_t kEnd = 16 + 6 * 8;
  return std::ranges::all_of(args->record()->fields, [](const types::Field& field) {
    const bool is_word = field.offset % 8 == 0 && field.offset >= kNumber && field.offset < kEnd;
    return is_word && field.access == types::FieldAccess::Direct && field.type->is_scalar();
  });
}

// Formats take 30 us each: they are read for programs that look at the record, and for events that can only be attached
// by id.
void add_tracepoint(Expansion& e, const kernel::Tracepoint& tracepoint, Looks looks) {
  plan::AttachPoint& place = e.add(tracepoint.category + ":" + tracepoint.name);
  place.target = tracepoint.category;
  place.symbol = tracepoint.name;
  const bool is_call = tracepoint.category == "syscalls" && looks.at_fields &&
                       e.view.has(plan::Feature::TypedRawTracepoint);
  const auto number = is_call ? e.view.system_call(tracepoint.name) : std::nullopt;
  if (!looks.at_record) {
    place.system_call = number;
    place.has_raw = e.view.has_raw_tracepoint(tracepoint.category, tracepoint.name);
    if (number || place.has_raw) return;
  }
  const auto format = e.view.tracepoint_format(tracepoint.category, tracepoint.name);
  if (!format) return e.host_failed(format.error());
  place.event_id = format->id;
  place.args = format->args;
  if (number && is_in_registers(format->args)) place.system_call = number;
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
  const Looks looks = looks_of(e);
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
