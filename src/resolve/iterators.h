// Which of the kernel's iterators a script can use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/view.h"

namespace sonde::resolve {

// False for those that go through one map: a script has no name for it.
[[nodiscard]] bool is_usable_iterator(std::string_view name);
// Names of the usable ones that match the glob, sorted.
[[nodiscard]] std::vector<std::string> usable_iterators(kernel::View& view, std::string_view glob);

}  // namespace sonde::resolve
