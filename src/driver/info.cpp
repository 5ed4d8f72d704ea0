// sonde --info
#include <fmt/format.h>
#include <sys/utsname.h>

#include "builtins/tables.h"
#include "driver/modes.h"
#include "kernel/live.h"
#include "runtime/privilege.h"
#include "sonde_version.h"

namespace sonde::driver {

int print_info(const Options&) {
  utsname system{};
  ::uname(&system);
  types::Context types;
  const auto view = kernel::make_live_view(types);
  std::string text =
      fmt::format("System\n  kernel: {} {} {}\n", system.sysname, system.release, system.machine);
  text += fmt::format("  possible CPUs: {}\n", view->possible_cpus());
  text += fmt::format("  may trace: {}\n", runtime::check_privilege() ? "yes" : "no (needs root)");
  text += fmt::format("\nBuild\n  sonde: {}\n", SONDE_VERSION);
  text += "\nKernel features\n";
#define SONDE_FEATURE(Id, name, kernel, marker)                                                   \
  text += fmt::format("  {}: {} (Linux {})\n", name, view->has(plan::Feature::Id) ? "yes" : "no", \
                      kernel);
#include "plan/features.def"
  text += "\nProbe types\n";
  for (const builtins::ProbeKind& kind : builtins::probe_kinds()) {
    text += fmt::format("  {} (Linux {})\n", kind.name, kind.min_kernel);
  }
  fmt::print("{}", text);
  return 0;
}

}  // namespace sonde::driver
