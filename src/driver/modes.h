// One function for each thing that the program can be asked to do; each returns the exit status.
#pragma once

#include "driver/options.h"

namespace sonde::driver {

[[nodiscard]] int run_script(const Options& options);
[[nodiscard]] int list_probes(const Options& options);
[[nodiscard]] int format_scripts(const Options& options);
[[nodiscard]] int print_script_help(const Options& options);
[[nodiscard]] int print_builtin_help(const Options& options);
[[nodiscard]] int print_info(const Options& options);

}  // namespace sonde::driver
