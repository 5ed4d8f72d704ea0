// What holds for the packet probes of a script together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diag/emitter.h"
#include "plan/plan.h"

namespace sonde::resolve {

[[nodiscard]] std::string_view direction_name(plan::Direction direction);

// What the kernel's function for a hook of security modules begins with.
inline constexpr std::string_view kHookPrefix = "bpf_lsm_";

// The folder of a cgroup, which `path` names in full or from the hierarchy's root on.
[[nodiscard]] std::string cgroup_folder(const std::string& root, const std::string& path);

// The kernel takes one XDP program for an interface: reports a second probe.
void check_interfaces(const std::vector<plan::ResolvedProbe>& probes, diag::Emitter& emitter);

}  // namespace sonde::resolve
