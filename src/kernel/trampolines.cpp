#include "kernel/trampolines.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <cerrno>
#include <iterator>

#include "base/fd.h"
#include "kernel/tracing_target.h"

namespace sonde::kernel {
namespace {

// 0, or the error number of loading an empty program.
int try_to_load(bpf_prog_type type, bpf_attach_type attach, std::uint32_t btf_id) {
  const bpf_insn code[] = {
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
      {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach, .attach_btf_id = btf_id);
  const OwnedFd fd(::bpf_prog_load(type, "sonde_trial", "GPL", code, std::size(code), &options));
  return fd.valid() ? 0 : errno;
}

}  // namespace

bool refuses_trampolines() {
  TracingTargets targets;
  // The kernel has it for its own trials of the like (net/bpf/test_run.c, 5.5).
  const auto function = targets.find_function("bpf_fentry_test1");
  if (!function) return false;
  if (try_to_load(BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, *function) != EPERM) return false;
  return try_to_load(BPF_PROG_TYPE_RAW_TRACEPOINT, static_cast<bpf_attach_type>(0), 0) == 0;
}

}  // namespace sonde::kernel
