// kprobe, kretprobe, fentry, fexit: functions of the kernel and its modules.
#include <fmt/format.h>

#include <algorithm>

#include "base/glob.h"
#include "base/text.h"
#include "resolve/attach.h"
#include "resolve/attach_packet.h"
#include "resolve/bpf_function.h"
#include "resolve/suggest.h"

namespace sonde::resolve {
namespace {

constexpr const char* kInstead =
    "tracepoints and rawtracepoints work on every kernel; list them with: sonde -l 'tracepoint:*'";

// What to use where this attach point cannot be had; `fallback` if nothing is known.
std::string instead(Expansion& e, const std::string& fallback) {
  const std::string& last = e.piece(e.point.pieces.size() - 1);
  const std::string probe =
      suggest_instead(e.view, last.substr(0, last.find('+')), e.kind().has(builtins::kRetval));
  return probe.empty() ? fallback : fmt::format("{} sees much the same on this kernel", probe);
}

// True if the kernel has what the kind rests on.
bool has(Expansion& e, plan::Feature feature) {
  return e.view.has(feature) || e.needs(feature, instead(e, kInstead));
}

std::string nearest_functions(Expansion& e, const std::string& name) {
  const auto all = e.view.kernel_functions("*", "*");
  if (!all) return {};
  std::vector<std::string> names;
  names.reserve(all->size());
  for (const kernel::KernelFunction& function : *all) names.push_back(function.name);
  return diag::did_you_mean(nearest(name, names));
}

// No function is called so, or the one that is cannot be traced.
void report_missing(Expansion& e, const std::string& name) {
  const std::string reason = is_glob(name) ? std::string() : e.view.why_not_traceable(name);
  if (!reason.empty()) return e.not_traceable(reason, instead(e, {}));
  e.not_found(instead(e, nearest_functions(e, name)));
}

struct KernelTarget {
  std::string module;  // Glob; empty for any.
  std::string name;    // Glob.
  std::uint64_t offset = 0;
};

// The functions that the attach point names, or nothing after a diagnostic.
std::vector<kernel::KernelFunction> find_functions(Expansion& e, KernelTarget& target) {
  const std::string& last = e.piece(e.point.pieces.size() - 1);
  if (e.point.pieces.size() > 1) target.module = e.piece(0);
  if (!split_offset(last, target.name, target.offset)) {
    e.syntax(e.where(e.point.pieces.size() - 1), "the offset behind '+' is not a number");
    return {};
  }
  auto found = e.view.kernel_functions(target.module, target.name);
  if (!found) {
    e.host_failed(found.error());
    return {};
  }
  if (found->empty()) report_missing(e, target.name);
  return std::move(*found);
}

std::string full_name(const KernelTarget& target, const kernel::KernelFunction& function) {
  std::string text = target.module.empty() ? "" : function.module + ":";
  text += function.name;
  if (target.offset != 0) text += "+" + std::to_string(target.offset);
  return text;
}

// kprobe:0xADDRESS: nobody but the user knows what is there.
void expand_address(Expansion& e, bool is_return) {
  const diag::Location& where = e.where(0);
  const auto address = parse_u64(e.piece(0));
  if (!address || *address == 0) return e.syntax(where, "this is no address");
  if (is_return) return e.syntax(where, "a return probe takes the name of a function");
  if (!e.options.unsafe) {
    e.emitter.emit(diag::kinds::ProbeInUnknownCode, where, e.piece(0))
        .hint(
            "FUNCTION+OFFSET is checked against the function; if you are sure of the address: "
            "sonde --unsafe ...");
    return;
  }
  const auto found = e.view.function_around(*address);
  plan::AttachPoint& place = e.add(e.piece(0));
  place.target = found ? found->module : "";
  place.symbol = found ? found->name : e.piece(0);
  place.address = *address;
}

void expand_kprobe(Expansion& e, bool is_return) {
  if (!e.expect_pieces(1, 2) || !has(e, plan::Feature::Kprobe)) return;
  if (e.point.pieces.size() == 1 && e.piece(0).starts_with("0x"))
    return expand_address(e, is_return);
  KernelTarget target;
  for (const kernel::KernelFunction& function : find_functions(e, target)) {
    if (is_return && target.offset != 0) {
      return e.syntax(e.point.location, "a return probe takes no offset");
    }
    plan::AttachPoint& place = e.add(full_name(target, function));
    place.target = function.module;
    place.symbol = function.name;
    place.offset = target.offset;
  }
}

std::string nearest_bpf_functions(Expansion& e, const std::string& name) {
  constexpr std::size_t kMost = 3;
  const auto all = e.view.bpf_functions("*", "*");
  std::vector<std::string> names;
  for (std::size_t i = 0; all && i < all->size(); ++i) names.push_back((*all)[i].name);
  const std::vector<std::string> near = nearest(name, names);
  names.clear();
  for (std::size_t i = 0; all && i < all->size() && names.size() < kMost; ++i) {
    if (std::ranges::find(near, (*all)[i].name) != near.end())
      names.push_back(fmt::format("{}:{}", e.kind().name, bpf_function_name((*all)[i])));
  }
  return diag::did_you_mean(names);
}

// fentry:bpf:NAME, fentry:bpf:ID:NAME: functions of BPF programs.
void expand_bpf_function(Expansion& e) {
  if (!e.needs(plan::Feature::FunctionArguments, {})) return;
  const std::string& name = e.piece(e.point.pieces.size() - 1);
  const auto found = e.view.bpf_functions(e.point.pieces.size() == 3 ? e.piece(1) : "*", name);
  if (!found) return e.host_failed(found.error());
  if (found->empty()) {
    const std::string near = nearest_bpf_functions(e, name);
    return e.not_found(!near.empty() ? near
                                     : fmt::format("list them with: sonde -l '{}:bpf:*'; programs "
                                                   "that were loaded without BTF have no names",
                                                   e.kind().name));
  }
  for (const kernel::BpfFunction& function : *found) {
    const auto signature = e.view.bpf_function_signature(function);
    if (!signature) continue;  // The program is gone meanwhile.
    plan::AttachPoint& place = e.add(bpf_function_name(function));
    place.target = kBpf;
    place.bpf_program = function.program;
    place.symbol = function.name;
    place.args = signature->args;
    place.retval = signature->result;
  }
}

void expand_fentry(Expansion& e) {
  const bool of_bpf = e.point.pieces.size() > 1 && e.piece(0) == kBpf;
  if (!e.expect_pieces(1, of_bpf ? 3 : 2) || !has(e, plan::Feature::Fentry)) return;
  if (of_bpf) return expand_bpf_function(e);
  KernelTarget target;
  for (const kernel::KernelFunction& function : find_functions(e, target)) {
    if (target.offset != 0) {
      return e.syntax(e.point.location, "takes no offset; a kprobe does");
    }
    const auto signature = e.view.function_signature(function.module, function.name);
    if (!signature) {
      // A wildcard takes what BTF describes; a name that BTF does not know cannot be traced this way.
      if (is_glob(target.name)) continue;
      e.not_traceable("BTF does not describe this function", "use a kprobe, which needs no types");
      continue;
    }
    plan::AttachPoint& place = e.add(full_name(target, function));
    place.target = function.module;
    place.symbol = function.name;
    place.args = signature->args;
    place.retval = signature->result;
  }
}

}  // namespace

// The kernel has an empty function for each hook.
void expand_Lsm(Expansion& e) {
  if (!e.expect_pieces(1, 1) || !e.needs(plan::Feature::Lsm, kInstead)) return;
  const auto found = e.view.kernel_functions("vmlinux", std::string(kHookPrefix) + e.piece(0));
  if (!found) return e.host_failed(found.error());
  for (const kernel::KernelFunction& function : *found) {
    const auto signature = e.view.function_signature(function.module, function.name);
    if (!signature) continue;
    plan::AttachPoint& place = e.add(function.name.substr(kHookPrefix.size()));
    place.symbol = function.name;
    place.args = signature->args;
    place.retval = signature->result;
  }
  if (!e.out.empty()) return;
  const auto all = e.view.kernel_functions("vmlinux", std::string(kHookPrefix) + "*");
  std::vector<std::string> names;
  for (std::size_t i = 0; all && i < all->size(); ++i)
    names.push_back((*all)[i].name.substr(kHookPrefix.size()));
  e.not_found(diag::did_you_mean(nearest(e.piece(0), names)));
}

void expand_Kprobe(Expansion& e) { expand_kprobe(e, false); }
void expand_Kretprobe(Expansion& e) { expand_kprobe(e, true); }
void expand_Fentry(Expansion& e) { expand_fentry(e); }
void expand_Fexit(Expansion& e) { expand_fentry(e); }

}  // namespace sonde::resolve
