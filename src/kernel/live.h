// The view of the running machine.
#pragma once

#include <memory>
#include <string>

#include "kernel/view.h"

namespace sonde::kernel {

// Opens nothing before it is asked. `types` must outlive the view and every type that it hands out. `btf_file` is read
// instead of /sys/kernel/btf/vmlinux and all modules; "" for those of the running kernel.
[[nodiscard]] std::unique_ptr<View> make_live_view(types::Context& types,
                                                   const std::string& btf_file = {});

}  // namespace sonde::kernel
