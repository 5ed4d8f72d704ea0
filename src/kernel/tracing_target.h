// Which kernel type a tp_btf, fentry or fexit program belongs to. libbpf could find it, but only by parsing all of
// vmlinux BTF (9 ms); a search of the mapped file takes 0.1 ms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/fd.h"
#include "base/result.h"
#include "kernel/btf.h"
#include "plan/manifest.h"

namespace sonde::kernel {

struct TracingTarget {
  std::uint32_t btf_id = 0;
  // Descriptors, owned by TracingTargets; -1: the function or event is the kernel's own.
  int module_btf = -1;  // Of the BTF of the module that has it.
  int program = -1;     // Of the BPF program that has it.
};

class TracingTargets {
 public:
  // For a program that is bound to one target, see plan::ProgramTypeRow::is_bound().
  [[nodiscard]] Result<TracingTarget> find(const plan::BpfProgram& program);
  // Id in vmlinux BTF of a function of the kernel.
  [[nodiscard]] Result<std::uint32_t> find_function(const std::string& name);
  // A function of the kernel or of any module.
  [[nodiscard]] Result<TracingTarget> find_anywhere(const std::string& name);

 private:
  Result<TracingTarget> find_in_program(std::uint32_t program, const std::string& name);
  Result<void> open_vmlinux();
  Result<TracingTarget> find_in_module(const std::string& module, const std::string& name,
                                       std::uint32_t kinds);
  std::optional<Btf> vmlinux_;
  std::vector<OwnedFd> opened_;
};

}  // namespace sonde::kernel
