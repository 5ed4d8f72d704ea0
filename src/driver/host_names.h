// What sema asks of the machine that a script is for, answered by a view of it and by the script's own definitions.
#pragma once

#include "kernel/view.h"
#include "resolve/resolve.h"
#include "sema/sema.h"

namespace sonde::driver {

// Both arguments must outlive the result.
[[nodiscard]] sema::HostNames host_names(kernel::View& view,
                                         const resolve::Definitions& definitions);

}  // namespace sonde::driver
