#include "runtime/attach/attach.h"

#include "kernel/features.h"
#include "runtime/cpus.h"

namespace sonde::runtime {

Result<std::span<const std::uint32_t>> Attacher::online_cpus() {
  if (online_.empty()) {
    auto cpus = runtime::online_cpus();
    if (!cpus) return std::unexpected(cpus.error());
    online_ = std::move(*cpus);
    if (online_.empty()) online_.push_back(0);
  }
  return std::span<const std::uint32_t>(online_);
}

bool multi_uprobes_serve(bool limited_to_process, std::string_view kernel_release) {
  return !limited_to_process || kernel::is_at_least(kernel_release, "6.10");
}

void attach(Attacher& attacher, const plan::BpfProgram& program, int fd) {
  using Handler = void (*)(Attacher&, const Batch&);
  static constexpr Handler kHandlers[] = {
#define SONDE_PROBE_KIND(Id, name, aliases, capabilities, kernel, doc) attach_##Id,
#include "builtins/probe_kinds.def"
  };
  // Places of one kind are attached together: some mechanisms take many at once.
  const std::span<const plan::AttachPoint> points = program.attach_points;
  for (std::size_t begin = 0; begin < points.size();) {
    std::size_t end = begin + 1;
    while (end < points.size() && points[end].kind == points[begin].kind) ++end;
    kHandlers[static_cast<std::size_t>(points[begin].kind->id)](
        attacher, Batch{program, fd, points.subspan(begin, end - begin)});
    begin = end;
  }
}

}  // namespace sonde::runtime
