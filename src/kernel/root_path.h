// Paths as processes with another root see them.
#pragma once

#include <string>

namespace sonde::kernel {

// `path` (absolute) as one who has the root `root` ("/proc/PID/root") finds it, as we can open it: symbolic links of that root, absolute
// ones too, lead to places below it and not to our own files. Before Linux 5.6, and for what is not there, `root` + `path`.
[[nodiscard]] std::string path_in_root(const std::string& root, const std::string& path);

}  // namespace sonde::kernel
