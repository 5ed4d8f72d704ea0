// The machine's network interfaces.
#pragma once

#include <vector>

#include "base/result.h"
#include "kernel/view.h"

namespace sonde::kernel {

// See View::network_interfaces(). By netlink and ioctl: the files of /sys/class/net may be another namespace's.
[[nodiscard]] Result<std::vector<NetworkInterface>> network_interfaces();

}  // namespace sonde::kernel
