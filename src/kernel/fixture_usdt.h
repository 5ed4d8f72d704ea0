// The static probes of the fixture's programs. Internal to src/kernel.
#pragma once

#include <string>
#include <vector>

#include "kernel/usdt.h"

namespace sonde::kernel {

[[nodiscard]] std::vector<UsdtProbe> fixture_usdt_probes(const std::string& path, plan::Arch arch);

}  // namespace sonde::kernel
