#include "kernel/kfunc.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/fd.h"
#include "kernel/tracing_target.h"
#include "plan/both_ends.h"

namespace sonde::kernel {
namespace {

// How the verifier says (check_kfunc_call(), add_kfunc_call() of kernel/bpf/verifier.c) that the call itself will not do. What else it
// says is about arguments, of which the program has none.
constexpr std::string_view kRefusals[] = {
    "not allowed",
    "cannot find address for kernel function",
    "JIT does not support calling kernel function",
    "JIT is required for calling kernel function",
    "without CONFIG_DEBUG_INFO_BTF",
    "reserved fields",  // Before 5.13 of any, and later of those of modules.
    "program must be sleepable to call",
};

bool is_refusal(std::string_view log) {
  return log.empty() || std::ranges::any_of(kRefusals, [&](std::string_view words) {
           return log.find(words) != std::string_view::npos;
         });
}

}  // namespace

bool kernel_call_allowed(const plan::BpfProgram& program, const std::string& name) {
  TracingTargets targets;
  const auto function = targets.find_anywhere(name);
  if (!function) return false;
  TracingTarget bound;
  if (program.row().is_bound()) {
    const auto found = targets.find(program);
    if (!found) return false;
    bound = *found;
  }
  // Of a function of a module the instruction has the index of its BTF, where 0 stands for the kernel's.
  const int modules[] = {0, function->module_btf};
  const bpf_insn code[] = {
      {.code = BPF_JMP | BPF_CALL,
       .dst_reg = 0,
       .src_reg = BPF_PSEUDO_KFUNC_CALL,
       .off = static_cast<__s16>(function->module_btf >= 0 ? 1 : 0),
       .imm = static_cast<__s32>(function->btf_id)},
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
      {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};
  char log[8192] = {};
  const bool at_both_ends = plan::runs_at_both_ends(program);
  LIBBPF_OPTS(bpf_prog_load_opts, options, .log_level = 1, .log_size = sizeof log, .log_buf = log);
  options.expected_attach_type =
      static_cast<bpf_attach_type>(at_both_ends ? plan::kKprobeSession : program.row().attach_type);
  options.attach_btf_id = bound.btf_id;
  if (bound.module_btf >= 0) options.attach_btf_obj_fd = static_cast<__u32>(bound.module_btf);
  if (bound.program >= 0) options.attach_prog_fd = static_cast<__u32>(bound.program);
  if (function->module_btf >= 0) options.fd_array = modules;
  const OwnedFd loaded(::bpf_prog_load(static_cast<bpf_prog_type>(program.row().kernel_type),
                                       "sonde_kfunc", "GPL", code, std::size(code), &options));
  return loaded.valid() || !is_refusal(log);
}

}  // namespace sonde::kernel
