// Where the script comes from.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "driver/options.h"

namespace sonde::driver {

struct Script {
  std::string name;  // As messages call it: the path, or "stdin" for -e and '-'.
  std::string path;  // Empty if the script is no file.
  std::string text;
  std::vector<std::string> parameters;  // $1, $2, ...
};

// The script of -e, a file or stdin, and the words behind it.
[[nodiscard]] Result<Script> load_script(const Options& options);

}  // namespace sonde::driver
