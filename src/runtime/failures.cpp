#include "runtime/failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "kernel/kernel_btf.h"
#include "kernel/traceable.h"
#include "runtime/reported.h"

namespace sonde::runtime {
namespace {

// Failures of one attach point of the script with one cause.
struct Group {
  const Attacher::Failure* first = nullptr;
  std::size_t count = 0;
};

std::vector<Group> group(const std::vector<Attacher::Failure>& failures) {
  std::vector<Group> groups;
  for (const Attacher::Failure& failure : failures) {
    const auto known = std::ranges::find_if(groups, [&](const Group& g) {
      return g.first->point->location == failure.point->location &&
             g.first->error.code == failure.error.code && g.first->error.what == failure.error.what;
    });
    if (known == groups.end()) {
      groups.push_back({&failure, 1});
    } else {
      ++known->count;
    }
  }
  return groups;
}

// What the kernel's error number does not tell.
std::string reason_of(const Attacher::Failure& failure, const plan::Manifest& manifest) {
  std::string reason = failure.error.message();
  if (!failure.point->kind->has(builtins::kKernelFunction) || failure.point->bpf_program != 0 ||
      failure.error.code == EPERM)
    return reason;
  kernel::KernelBtf btf(*manifest.types);
  kernel::Tracefs tracefs;
  const std::string known = kernel::why_not_traceable(failure.point->symbol, btf, tracefs);
  return known.empty() ? reason : fmt::format("{} ({})", known, reason);
}

}  // namespace

Result<void> report_failures(const Attacher& attacher, const plan::Manifest& manifest,
                             output::Sink& sink, diag::Emitter& emitter) {
  using MissingProbes = plan::Settings::MissingProbes;
  const MissingProbes policy = manifest.settings.missing_probes;
  bool has_error = false;
  for (const Group& g : group(attacher.failures())) {
    const plan::AttachPoint& point = *g.first->point;
    const bool has_others = std::ranges::any_of(
        attacher.attached(),
        [&](const plan::AttachPoint* attached) { return attached->location == point.location; });
    const bool is_error =
        attacher.attached().empty() || (policy == MissingProbes::Error && !has_others);
    if (!is_error && policy == MissingProbes::Ignore) continue;
    const std::string reason = reason_of(*g.first, manifest);
    const std::string more = g.count == 1 ? "" : fmt::format("; so are {} more", g.count - 1);
    if (is_error) {
      has_error = true;
      emitter.emit(diag::kinds::ProbeNotTraceable, point.location, point.name, reason + more)
          .hint(g.first->error.hint);
    } else {
      sink.message({.text = fmt::format("cannot trace '{}': {}{}", point.name, reason, more)});
      sink.warning(fmt::format("WARNING: cannot trace '{}': {}{}\n", point.name, reason, more));
    }
  }
  if (has_error) return reported();
  return {};
}

}  // namespace sonde::runtime
