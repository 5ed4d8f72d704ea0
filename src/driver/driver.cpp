#include "driver/driver.h"

#include <fmt/format.h>

#include "driver/messages.h"
#include "driver/modes.h"
#include "driver/options.h"
#include "sonde_version.h"

namespace sonde::driver {

int run(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options) {
    print_error(options.error(), "see sonde --help");
    return 1;
  }
  switch (options->mode) {
    case Mode::Help: fmt::print("{}", options->help); return 0;
    case Mode::ScriptHelp: return print_script_help(*options);
    case Mode::BuiltinHelp: return print_builtin_help(*options);
    case Mode::Version: fmt::print("sonde {}\n", SONDE_VERSION); return 0;
    case Mode::Info: return print_info(*options);
    case Mode::Format: return format_scripts(*options);
    case Mode::List: return list_probes(*options);
    case Mode::Run: return run_script(*options);
  }
  return 1;
}

}  // namespace sonde::driver
