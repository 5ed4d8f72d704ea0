#include "driver/privilege.h"

#include <charconv>
#include <cstdint>
#include <string>

#include "base/file.h"

namespace sonde::driver {
namespace {

// Bits of CapEff, from <linux/capability.h>; CAP_PERFMON and CAP_BPF are younger than some distributions' headers.
constexpr unsigned kCapSysAdmin = 21;
constexpr unsigned kCapPerfmon = 38;
constexpr unsigned kCapBpf = 39;

}  // namespace

Result<void> check_privilege() {
  const auto status = read_file("/proc/self/status");
  if (!status) return {};  // Without procfs the kernel's own answer has to do.
  const std::size_t at = status->find("CapEff:\t");
  if (at == std::string::npos) return {};
  std::uint64_t capabilities = 0;
  const char* begin = status->data() + at + 8;
  std::from_chars(begin, status->data() + status->size(), capabilities, 16);
  const auto has = [&](unsigned bit) { return (capabilities >> bit & 1) != 0; };
  if (has(kCapSysAdmin) || (has(kCapBpf) && has(kCapPerfmon))) return {};
  return fail("tracing needs root, or the capabilities CAP_BPF and CAP_PERFMON", 0, "run it with sudo");
}

}  // namespace sonde::driver
