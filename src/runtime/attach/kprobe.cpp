// kprobe and kretprobe by the kernel's "kprobe" event source (4.17).
#include <cerrno>

#include "runtime/attach/perf_event.h"

namespace sonde::runtime {
namespace {

std::string hint_for(int code) {
  switch (code) {
    case ENOENT:
    case EADDRNOTAVAIL:
      return "the kernel has no such function, or it was inlined or may not be traced";
    case EINVAL:
      return "the kernel does not allow a probe here (blacklisted, or not the start of an "
             "instruction)";
    case EILSEQ: return "the offset is not the start of an instruction";
    case EPERM:
    case EACCES: return "kernel lockdown or missing privilege";
    default: return {};
  }
}

}  // namespace

void attach_Kprobe(Attacher& attacher, const Batch& batch) {
  const auto source = event_source("kprobe");
  const auto online = attacher.online_cpus();
  for (const plan::AttachPoint& point : batch.points) {
    if (!source || !online) {
      attacher.failed(point, source ? online.error() : source.error());
      continue;
    }
    const bool in_module = !point.target.empty() && point.target != "vmlinux";
    const std::string function = in_module ? point.target + ":" + point.symbol : point.symbol;
    perf_event_attr attributes{};
    attributes.type = source->type;
    attributes.config = batch.program.is_return ? source->return_bit : 0;
    attributes.config1 = reinterpret_cast<std::uintptr_t>(function.c_str());
    attributes.config2 = point.offset;
    auto fd = open_perf_event(attributes, -1, static_cast<int>(online->front()), batch.fd);
    finish_point(attacher, point, std::move(fd), hint_for);
  }
}

}  // namespace sonde::runtime
