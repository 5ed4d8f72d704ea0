// The view of the running machine.
#pragma once

#include <memory>

#include "kernel/view.h"

namespace sonde::kernel {

// Opens nothing before it is asked. `types` must outlive the view and every type that it hands out.
[[nodiscard]] std::unique_ptr<View> make_live_view(types::Context& types);

}  // namespace sonde::kernel
