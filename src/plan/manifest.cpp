#include "plan/manifest.h"

namespace sonde::plan {

types::AddressSpace default_space(const AttachPoint& point) {
  using types::AddressSpace;
  if (point.kind == nullptr) return AddressSpace::Kernel;
  if (point.watch) return point.watch->is_user ? AddressSpace::User : AddressSpace::Kernel;
  const bool is_system_call =
      point.kind->id == builtins::ProbeKindId::Tracepoint && point.target == "syscalls";
  return is_system_call || point.kind->has(builtins::kUserSpace) ? AddressSpace::User
                                                                 : AddressSpace::Kernel;
}

}  // namespace sonde::plan
