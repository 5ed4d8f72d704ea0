#include "plan/manifest.h"

namespace sonde::plan {

types::AddressSpace default_space(const AttachPoint& point) {
  using types::AddressSpace;
  if (point.kind == nullptr) return AddressSpace::Kernel;
  const bool is_system_call =
      point.kind->id == builtins::ProbeKindId::Tracepoint && point.target == "syscalls";
  return is_system_call || point.kind->has(builtins::kUserSpace) ? AddressSpace::User
                                                                 : AddressSpace::Kernel;
}

}  // namespace sonde::plan
