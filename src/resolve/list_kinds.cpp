// The probes of each kind, see lister.h.
#include <fmt/format.h>

#include "base/glob.h"
#include "base/text.h"
#include "resolve/bpf_function.h"
#include "resolve/iterators.h"
#include "resolve/lister.h"

namespace sonde::resolve {
namespace {

void list_bare(Lister& l) {
  if (l.parts().empty()) l.add("");
}

void describe(const Lister& l, ListedProbe& probe, const kernel::Signature& signature) {
  Lister::add_arguments(probe, signature.args);
  if (l.kind().has(builtins::kRetval)) Lister::add_result(probe, signature.result);
}

void list_kernel_functions(Lister& l, plan::Feature feature, bool typed) {
  if (!l.needs(feature)) return;
  const bool has_module = l.parts().size() > 1;
  const auto found =
      l.view().kernel_functions(has_module ? l.part(0) : "*", l.part(has_module ? 1 : 0));
  if (!found) return l.problem(found.error());
  if (const std::string flaw = l.view().function_list_flaw();
      !flaw.empty() && is_glob(l.part(has_module ? 1 : 0)))
    l.problem(flaw);
  for (const kernel::KernelFunction& function : *found) {
    ListedProbe* probe = l.add(has_module ? function.module + ":" + function.name : function.name);
    if (probe == nullptr || !typed) continue;
    const auto signature = l.view().function_signature(function.module, function.name);
    if (!signature) continue;
    describe(l, *probe, *signature);
  }
}

void list_bpf_functions(Lister& l) {
  if (!l.needs(plan::Feature::FunctionArguments)) return;
  const bool has_id = l.parts().size() > 2;
  const auto found = l.view().bpf_functions(has_id ? l.part(1) : "*", l.part(has_id ? 2 : 1));
  if (!found) return l.problem(found.error());
  if (found->empty())
    l.problem("no BPF program with type information that is loaded has such a function");
  for (const kernel::BpfFunction& function : *found) {
    ListedProbe* probe = l.add(bpf_function_name(function));
    if (probe == nullptr) continue;
    if (const auto signature = l.view().bpf_function_signature(function))
      describe(l, *probe, *signature);
  }
}

void list_trampolines(Lister& l) {
  if (l.view().refuses_fentry())
    l.problem(
        "this kernel lets no BPF programs into its functions (lockdown, or built so): fentry "
        "and fexit probes are listed, but cannot be attached");
  if (!l.parts().empty() && l.part(0) == kBpf) return list_bpf_functions(l);
  list_kernel_functions(l, plan::Feature::Fentry, true);
}

void list_names(Lister& l, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (glob_match(l.part(0), name)) l.add(std::string(name) + ":");
  }
}

constexpr std::string_view kSoftwareEvents[] = {
#define SONDE_SOFTWARE_EVENT(name, alias, config, count) name,
#include "resolve/software_events.def"
};
constexpr std::string_view kHardwareEvents[] = {
#define SONDE_HARDWARE_EVENT(name, alias, config, count) name,
#include "resolve/hardware_events.def"
};
constexpr std::string_view kUnits[] = {
    "hz",
#define SONDE_TIME_UNIT(name, nanoseconds) name,
#include "resolve/time_units.def"
};

}  // namespace

void list_Begin(Lister& l) { list_bare(l); }
void list_End(Lister& l) { list_bare(l); }

void list_Tracepoint(Lister& l) {
  // "tracepoint:*open*" is meant for the whole of "CATEGORY:EVENT".
  const bool is_whole = l.parts().size() == 1 && is_glob(l.part(0));
  const auto found = l.view().tracepoints(is_whole ? "*" : l.part(0), l.part(1));
  if (!found) return l.problem(found.error());
  for (const kernel::Tracepoint& tracepoint : *found) {
    const std::string text = tracepoint.category + ":" + tracepoint.name;
    if (is_whole && !glob_match(l.part(0), text)) continue;
    ListedProbe* probe = l.add(text);
    if (probe == nullptr) continue;
    const auto format = l.view().tracepoint_format(tracepoint.category, tracepoint.name);
    if (format) Lister::add_arguments(*probe, format->args);
  }
}

void list_RawTracepoint(Lister& l) {
  const bool has_module = l.parts().size() > 1;
  const auto found = l.view().raw_tracepoints(l.part(has_module ? 1 : 0));
  if (!found) return l.problem(found.error());
  for (const std::string& event : *found) {
    std::optional<kernel::Signature> signature;
    if (has_module) {
      signature = l.view().raw_tracepoint_signature(event);
      if (!signature || !glob_match(l.part(0), signature->module)) continue;
    }
    ListedProbe* probe = l.add(has_module ? signature->module + ":" + event : event);
    if (probe == nullptr) continue;
    if (!signature) signature = l.view().raw_tracepoint_signature(event);
    if (signature) Lister::add_arguments(*probe, signature->args);
  }
}

void list_Kprobe(Lister& l) { list_kernel_functions(l, plan::Feature::Kprobe, false); }
void list_Kretprobe(Lister& l) { list_kernel_functions(l, plan::Feature::Kprobe, false); }
void list_Fentry(Lister& l) { list_trampolines(l); }
void list_Fexit(Lister& l) { list_trampolines(l); }
void list_Profile(Lister& l) { list_names(l, kUnits); }
void list_Interval(Lister& l) { list_names(l, kUnits); }
void list_Software(Lister& l) { list_names(l, kSoftwareEvents); }
void list_Hardware(Lister& l) { list_names(l, kHardwareEvents); }

void list_Iter(Lister& l) {
  if (!l.needs(plan::Feature::Iterator)) return;
  for (const std::string& name : usable_iterators(l.view(), l.part(0))) {
    ListedProbe* probe = l.add(name);
    if (probe == nullptr) continue;
    if (const auto signature = l.view().iterator_signature(name))
      Lister::add_arguments(*probe, signature->args);
  }
}

// Memory has no names here.
void list_Watchpoint(Lister&) {}
void list_AsyncWatchpoint(Lister&) {}
// Only scripts have those.
void list_Test(Lister&) {}
void list_Bench(Lister&) {}

void list_Self(Lister& l) {
  if (glob_match(l.part(0), "signal") && glob_match(l.part(1), "SIGUSR1")) l.add("signal:SIGUSR1");
}

}  // namespace sonde::resolve
