// What serves instead of a probe on a kernel function that cannot be had.
#pragma once

#include <string>
#include <string_view>

#include "kernel/view.h"

namespace sonde::resolve {

// A probe of this kernel that sees much the same as one on `function`, at its return if `is_return`: a tracepoint of the
// system call, one of suggestions.def, or a raw tracepoint of that name. "" if there is none.
[[nodiscard]] std::string suggest_instead(kernel::View& view, std::string_view function,
                                          bool is_return);

}  // namespace sonde::resolve
