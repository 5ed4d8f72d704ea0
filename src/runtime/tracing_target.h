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

namespace sonde::runtime {

struct TracingTarget {
  std::uint32_t btf_id = 0;
  int module_btf = -1;  // Descriptor of the module's BTF, -1 for vmlinux; owned by TracingTargets.
};

class TracingTargets {
 public:
  // For a program that is bound to one target, see plan::ProgramTypeRow::is_bound().
  [[nodiscard]] Result<TracingTarget> find(const plan::BpfProgram& program);
  // Id in vmlinux BTF of a function of the kernel.
  [[nodiscard]] Result<std::uint32_t> find_function(const std::string& name);

 private:
  Result<void> open_vmlinux();
  Result<TracingTarget> find_in_module(const std::string& module, const std::string& name,
                                       std::uint32_t kinds);
  std::optional<kernel::Btf> vmlinux_;
  std::vector<OwnedFd> modules_;
};

}  // namespace sonde::runtime
