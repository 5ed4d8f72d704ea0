#include "runtime/kernel_calls.h"

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include <vector>

namespace sonde::runtime {
namespace {

// Null if it is a helper's number.
const char* name_of(std::int32_t number) {
  switch (number) {
#define SONDE_KERNEL_CALL(Id, number, name, kernel) \
  case number: return name;
#include "plan/kernel_calls.def"
    default: return nullptr;
  }
}

}  // namespace

Result<void> bind_kernel_calls(bpf_program* program, kernel::TracingTargets& targets) {
  const bpf_insn* code = ::bpf_program__insns(program);
  std::vector<bpf_insn> bound(code, code + ::bpf_program__insn_cnt(program));
  bool has_any = false;
  for (bpf_insn& instruction : bound) {
    if (instruction.code != (BPF_JMP | BPF_CALL) || instruction.src_reg != 0) continue;
    const char* name = name_of(instruction.imm);
    if (name == nullptr) continue;
    const auto id = targets.find_function(name);
    if (!id) return std::unexpected(id.error());
    instruction.src_reg = BPF_PSEUDO_KFUNC_CALL;
    instruction.imm = static_cast<std::int32_t>(*id);
    has_any = true;
  }
  if (!has_any) return {};
  const int status = ::bpf_program__set_insns(program, bound.data(), bound.size());
  if (status != 0) return fail("set the instructions of a program", -status);
  return {};
}

}  // namespace sonde::runtime
