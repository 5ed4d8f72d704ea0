#include "runtime/attach/attach.h"

#include "kernel/features.h"
#include "runtime/cpus.h"
#include "runtime/object.h"

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

void attach_together(Attacher& attacher, const Batch& batch, LinkMany link) {
  auto fd = link(attacher, batch);
  if (fd) {
    attacher.attachments().add_slow(std::move(*fd));
    for (const plan::AttachPoint& point : batch.points) attacher.succeeded(point);
    return;
  }
  if (batch.points.size() == 1) return attacher.failed(batch.points.front(), fd.error());
  const std::size_t half = batch.points.size() / 2;
  attach_together(attacher, {batch.program, batch.fd, batch.points.first(half)}, link);
  attach_together(attacher, {batch.program, batch.fd, batch.points.subspan(half)}, link);
}

void attach(Attacher& attacher, const plan::BpfProgram& program, int fd) {
  using Handler = void (*)(Attacher&, const Batch&);
  static constexpr Handler kHandlers[] = {
#define SONDE_PROGRAM_TYPE(Id, name, section, return_section, kernel_type, attach_type, context, \
                           scratch, traits, result, kernel)                                      \
  attach_##Id,
#include "plan/program_types.def"
  };
  const plan::ProgramType type = used_type(program, attacher.multi_uprobes());
  kHandlers[static_cast<std::size_t>(type)](attacher, Batch{program, fd, program.attach_points});
}

}  // namespace sonde::runtime
