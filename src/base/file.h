// Whole files, including those of procfs and sysfs that report no size.
#pragma once

#include <string>

#include "base/result.h"

namespace sonde {

// The bytes of `path`. The error names the path and errno.
[[nodiscard]] Result<std::string> read_file(const std::string& path);

// Creates or replaces `path` with `bytes`.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace sonde
