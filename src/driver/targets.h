// Which processes a run is about: -p, --follow, --comm, --cgroup, --container.
#pragma once

#include <optional>
#include <string>

#include "driver/options.h"
#include "kernel/view.h"
#include "plan/task_filter.h"

namespace CLI {
class App;
}

namespace sonde::driver {

// Words of the command line before they are checked.
struct RawTargets {
  std::vector<std::string> pids;
};

void add_target_options(CLI::App& app, Options& options, RawTargets& raw);
// A message that names the option, or nothing.
[[nodiscard]] std::optional<std::string> check_targets(Options& options, const RawTargets& raw);

// What the programs ask. Fails if this kernel cannot tell new processes of --follow.
[[nodiscard]] Result<plan::TaskFilter> task_filter(kernel::View& view, const Options& options);
// For scripts that name user code; leaves `filter` as it is where BTF does not tell.
void find_last_thread(kernel::View& view, plan::TaskFilter& filter);

// The folder of --cgroup or of --container's cgroup; "" without them.
[[nodiscard]] Result<std::string> target_cgroup(const Options& options);

}  // namespace sonde::driver
