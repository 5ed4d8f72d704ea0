#include "base/check.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace sonde {

void check_failed(std::string_view condition, std::string_view file, int line,
                  std::string_view function) {
  fmt::print(stderr,
             "sonde: internal error: {}\n  at {}:{} in {}\n"
             "This is a bug in sonde; please report it with the script that shows it.\n",
             condition, file, line, function);
  std::abort();
}

}  // namespace sonde
