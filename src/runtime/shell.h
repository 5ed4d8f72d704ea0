// Commands of system().
#pragma once

#include <string>

#include "base/result.h"

namespace sonde::runtime {

// Runs `command` by /bin/sh and waits for it; its standard output is the result. Its standard error is ours.
[[nodiscard]] Result<std::string> run_shell(const std::string& command);

}  // namespace sonde::runtime
