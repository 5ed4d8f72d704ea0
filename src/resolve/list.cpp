#include "resolve/list.h"

#include <fmt/format.h>

#include <span>

#include "base/glob.h"
#include "base/text.h"

namespace sonde::resolve {
namespace {

using Pieces = std::span<const std::string_view>;

struct Lister {
  kernel::View& view;
  const builtins::ProbeKind& kind;
  bool with_arguments;
  Listing& out;

  void add(const std::string& text, const types::Type* args = nullptr,
           const types::Type* result = nullptr) const {
    ListedProbe probe{fmt::format("{}{}{}", kind.name, text.empty() ? "" : ":", text), {}};
    if (args != nullptr) {
      args->record()->complete();
      for (const types::Field& field : args->record()->fields) {
        probe.arguments.push_back(types::declaration(field));
      }
    }
    if (result != nullptr) probe.arguments.push_back(result->name() + " retval");
    out.probes.push_back(std::move(probe));
  }
  void problem(const Error& error) const {
    out.problems.push_back(fmt::format("{} probes cannot be listed: {}{}{}", kind.name,
                                       error.message(), error.hint.empty() ? "" : "; ",
                                       error.hint));
  }
};

std::string_view piece(Pieces pieces, std::size_t i) { return i < pieces.size() ? pieces[i] : "*"; }

void list_tracepoints(const Lister& l, Pieces pieces) {
  const auto found = l.view.tracepoints(piece(pieces, 0), piece(pieces, 1));
  if (!found) return l.problem(found.error());
  for (const kernel::Tracepoint& tracepoint : *found) {
    const types::Type* args = nullptr;
    if (l.with_arguments) {
      const auto format = l.view.tracepoint_format(tracepoint.category, tracepoint.name);
      if (format) args = format->args;
    }
    l.add(tracepoint.category + ":" + tracepoint.name, args);
  }
}

void list_raw_tracepoints(const Lister& l, Pieces pieces) {
  const auto found = l.view.raw_tracepoints(piece(pieces, pieces.empty() ? 0 : pieces.size() - 1));
  if (!found) return l.problem(found.error());
  for (const std::string& event : *found) {
    const auto signature = l.with_arguments ? l.view.raw_tracepoint_signature(event) : std::nullopt;
    l.add(event, signature ? signature->args : nullptr);
  }
}

void list_kernel_functions(const Lister& l, Pieces pieces, plan::Feature feature, bool typed) {
  if (!l.view.has(feature)) {
    const plan::FeatureRow& row = plan::feature_row(feature);
    return l.problem(Error{fmt::format("this kernel has no {}", row.name), 0, {}});
  }
  const bool has_module = pieces.size() > 1;
  const auto found =
      l.view.kernel_functions(has_module ? pieces[0] : "*", piece(pieces, has_module ? 1 : 0));
  if (!found) return l.problem(found.error());
  for (const kernel::KernelFunction& function : *found) {
    const std::string text = has_module ? function.module + ":" + function.name : function.name;
    const auto signature = l.with_arguments && typed
                               ? l.view.function_signature(function.module, function.name)
                               : std::nullopt;
    l.add(text, signature ? signature->args : nullptr,
          signature && l.kind.has(builtins::kRetval) ? signature->result : nullptr);
  }
}

void list_user_functions(const Lister& l, Pieces pieces) {
  if (pieces.empty() || pieces[0] == "*") return;  // Every function of every file would be meant.
  const auto path = l.view.find_binary(pieces[0]);
  if (!path) return l.problem(path.error());
  const auto found = l.view.user_functions(*path, piece(pieces, 1));
  if (!found) return l.problem(found.error());
  for (const kernel::UserFunction& function : *found) l.add(*path + ":" + function.name);
}

void list_names(const Lister& l, Pieces pieces, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (glob_match(piece(pieces, 0), name)) l.add(std::string(name) + ":");
  }
}

constexpr std::string_view kSoftwareEvents[] = {
#define SONDE_SOFTWARE_EVENT(name, alias, config, count) name,
#include "resolve/software_events.def"
};
constexpr std::string_view kUnits[] = {
    "hz",
#define SONDE_TIME_UNIT(name, nanoseconds) name,
#include "resolve/time_units.def"
};

using ListHandler = void (*)(const Lister&, Pieces);
void list_Begin(const Lister& l, Pieces) { l.add(""); }
void list_End(const Lister& l, Pieces) { l.add(""); }
void list_Tracepoint(const Lister& l, Pieces p) { list_tracepoints(l, p); }
void list_RawTracepoint(const Lister& l, Pieces p) { list_raw_tracepoints(l, p); }
void list_Kprobe(const Lister& l, Pieces p) {
  list_kernel_functions(l, p, plan::Feature::Kprobe, false);
}
void list_Kretprobe(const Lister& l, Pieces p) { list_Kprobe(l, p); }
void list_Fentry(const Lister& l, Pieces p) {
  list_kernel_functions(l, p, plan::Feature::Fentry, true);
}
void list_Fexit(const Lister& l, Pieces p) { list_Fentry(l, p); }
void list_Uprobe(const Lister& l, Pieces p) { list_user_functions(l, p); }
void list_Uretprobe(const Lister& l, Pieces p) { list_user_functions(l, p); }
void list_Profile(const Lister& l, Pieces p) { list_names(l, p, kUnits); }
void list_Interval(const Lister& l, Pieces p) { list_names(l, p, kUnits); }
void list_Software(const Lister& l, Pieces p) { list_names(l, p, kSoftwareEvents); }

constexpr ListHandler kHandlers[] = {
#define SONDE_PROBE_KIND(Id, name, aliases, capabilities, kernel, doc) list_##Id,
#include "builtins/probe_kinds.def"
};

void list_kind(kernel::View& view, const builtins::ProbeKind& kind, Pieces pieces,
               bool with_arguments, Listing& out) {
  kHandlers[static_cast<std::size_t>(kind.id)](Lister{view, kind, with_arguments, out}, pieces);
}

// "*sleep*" without a kind: every kind is listed and whole names are matched. Return kinds only repeat the entry kinds.
void list_everywhere(kernel::View& view, std::string_view pattern, bool with_arguments,
                     Listing& out) {
  for (const builtins::ProbeKind& kind : builtins::probe_kinds()) {
    if (kind.id == builtins::ProbeKindId::Kretprobe || kind.id == builtins::ProbeKindId::Fexit)
      continue;
    Listing all;
    list_kind(view, kind, {}, false, all);
    std::erase_if(all.probes, [&](const ListedProbe& p) { return !glob_match(pattern, p.name); });
    for (ListedProbe& probe : all.probes) {
      if (!with_arguments) {
        out.probes.push_back(std::move(probe));
        continue;
      }
      const std::vector<std::string_view> words = split(probe.name, ':');
      list_kind(view, kind, Pieces(words).subspan(1), true, out);
    }
    for (std::string& problem : all.problems) out.problems.push_back(std::move(problem));
  }
}

void list_one(kernel::View& view, std::string_view pattern, bool with_arguments, Listing& out) {
  const std::vector<std::string_view> words = split(pattern, ':');
  if (words.size() == 1 && builtins::find_probe_kind(words[0]) == nullptr) {
    const std::string wide = is_glob(pattern) ? std::string(pattern) : fmt::format("*{}*", pattern);
    return list_everywhere(view, wide, with_arguments, out);
  }
  bool known = false;
  for (const builtins::ProbeKind& kind : builtins::probe_kinds()) {
    const bool matches = is_glob(words[0]) ? glob_match(words[0], kind.name)
                                           : builtins::find_probe_kind(words[0]) == &kind;
    if (!matches) continue;
    known = true;
    list_kind(view, kind, Pieces(words).subspan(1), with_arguments, out);
  }
  if (!known) out.problems.push_back(fmt::format("'{}' is not a probe type", words[0]));
}

}  // namespace

Listing list(kernel::View& view, std::string_view pattern, bool with_arguments) {
  Listing out;
  for (const std::string_view one : split(pattern.empty() ? "*" : pattern, ',')) {
    if (!trim(one).empty()) list_one(view, trim(one), with_arguments, out);
  }
  return out;
}

}  // namespace sonde::resolve
