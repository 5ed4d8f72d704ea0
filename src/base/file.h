// Whole files, including those of procfs and sysfs that report no size.
#pragma once

#include <string>

#include "base/result.h"

namespace sonde {

// The bytes of `path`. The error names the path and errno.
[[nodiscard]] Result<std::string> read_file(const std::string& path);

// What is left to read of `fd`; `name` is for errors.
[[nodiscard]] Result<std::string> read_file(int fd, const std::string& name);

// Creates or replaces `path` with `bytes`.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view bytes);

// Replaces the file `path` (or what the link points to) as a whole: after a failure it is what it was. Keeps its mode and,
// where the process may, its owner.
[[nodiscard]] Result<void> replace_file(const std::string& path, std::string_view bytes);

// The same for a file that need not exist yet; a pipe or a device is written as it is.
[[nodiscard]] Result<void> put_file(const std::string& path, std::string_view bytes);

}  // namespace sonde
