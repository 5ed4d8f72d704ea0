#include "runtime/privilege.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace sonde::runtime {

std::unexpected<Error> missing_privilege() {
  return fail("tracing needs root (or CAP_BPF and CAP_PERFMON)", EPERM, "run it with sudo");
}

Result<void> check_privilege() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3]{};
  // glibc has no wrapper for capget(2).
  if (::syscall(SYS_capget, &header, data) != 0) return {};  // bpf() will tell.
  const std::uint64_t effective = data[0].effective | std::uint64_t{data[1].effective} << 32;
  const auto has = [&](unsigned capability) { return (effective >> capability & 1) != 0; };
  if (has(CAP_SYS_ADMIN) || (has(CAP_BPF) && has(CAP_PERFMON))) return {};
  return missing_privilege();
}

}  // namespace sonde::runtime
