// What each builtin does, shown by scripts and what they print: the rows of examples.def.
#pragma once

#include <span>
#include <string_view>

namespace sonde::builtins {

struct Example {
  std::string_view names;        // The builtins that it shows, comma separated.
  std::string_view options;      // Of the command line, as a shell reads them; may be empty.
  std::string_view requirement;  // What the kernel must have; empty if every kernel has it.
  std::string_view script;
  std::string_view text;  // What it prints; "..." is any text.
  std::string_view json;  // The same with -f json.
  [[nodiscard]] bool shows(std::string_view name) const;
};

[[nodiscard]] std::span<const Example> examples();

}  // namespace sonde::builtins
