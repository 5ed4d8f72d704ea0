// The maps behind the filters of the command line, see plan::TaskFilter.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/task_filter.h"
#include "runtime/object.h"

namespace sonde::runtime {

// Puts the processes and the cgroup (its folder) into the maps.
[[nodiscard]] Result<void> fill_task_filter(const Object& object, const plan::TaskFilter& filter,
                                            std::span<const std::uint32_t> pids,
                                            const std::string& cgroup);

// The processes in the map.
[[nodiscard]] std::vector<std::uint32_t> filtered_processes(const Object& object);
// The processes and their children, and theirs, as they are now; each once.
[[nodiscard]] std::vector<std::uint32_t> with_descendants(std::span<const std::uint32_t> pids);

// Adds the children that the processes have had before anybody watched for new ones, and theirs.
[[nodiscard]] Result<void> add_descendants(const Object& object);

}  // namespace sonde::runtime
