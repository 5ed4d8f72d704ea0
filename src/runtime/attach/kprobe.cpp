// kprobe and kretprobe: many functions with one link (5.18), or by the kernel's "kprobe" event source (4.17).
#include <bpf/bpf.h>
#include <linux/bpf.h>

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

// All of the batch's points by name; the kernel looks them up itself.
Result<OwnedFd> link_multi(const Attacher&, const Batch& batch) {
  std::vector<const char*> names;
  std::vector<__u64> cookies;
  for (const plan::AttachPoint& point : batch.points) {
    names.push_back(point.symbol.c_str());
    cookies.push_back(batch.cookie(point));
  }
  LIBBPF_OPTS(bpf_link_create_opts, options);
  options.kprobe_multi.cnt = static_cast<__u32>(names.size());
  options.kprobe_multi.syms = names.data();
  options.kprobe_multi.cookies = cookies.data();
  options.kprobe_multi.flags = batch.program.is_return ? BPF_F_KPROBE_MULTI_RETURN : 0;
  OwnedFd fd(::bpf_link_create(batch.fd, 0, BPF_TRACE_KPROBE_MULTI, &options));
  if (fd.valid()) return fd;
  const int code = errno;
  return fail("attach to kernel functions", code, hint_for(code));
}

}  // namespace

void attach_KprobeMulti(Attacher& attacher, const Batch& batch) {
  attach_together(attacher, batch, link_multi);
}

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
    auto fd = open_perf_event(attributes, -1, static_cast<int>(online->front()), batch.fd,
                              batch.cookie(point));
    finish_point(attacher, point, std::move(fd), hint_for);
  }
}

}  // namespace sonde::runtime
