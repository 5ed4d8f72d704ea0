#include "runtime/attach/raw_tracepoint.h"

#include <bpf/bpf.h>

#include <cerrno>

namespace sonde::runtime {
namespace {

std::string hint_for(const plan::BpfProgram& program, int code) {
  const bool is_function =
      program.type == plan::ProgramType::Fentry || program.type == plan::ProgramType::Fexit;
  if (is_function && code == EPERM) {
    return "kernel lockdown or a kernel without function tracing; 'kprobe' may work";
  }
  if (is_function && code == EBUSY) return "another tool has changed the function's entry";
  if (code == ENOENT) return "'sonde -l' shows what this kernel has";
  return {};
}

}  // namespace

void attach_raw_tracepoints(Attacher& attacher, const Batch& batch) {
  const bool by_name = batch.program.type == plan::ProgramType::RawTracepoint;
  for (const plan::AttachPoint& point : batch.points) {
    OwnedFd fd(::bpf_raw_tracepoint_open(by_name ? point.symbol.c_str() : nullptr, batch.fd));
    if (fd.valid()) {
      attacher.attachments().add_quick(std::move(fd));
      attacher.succeeded(point);
    } else {
      const int code = errno;
      attacher.failed(point, {"BPF_RAW_TRACEPOINT_OPEN", code, hint_for(batch.program, code)});
    }
  }
}

void attach_RawTracepoint(Attacher& attacher, const Batch& batch) {
  attach_raw_tracepoints(attacher, batch);
}

}  // namespace sonde::runtime
