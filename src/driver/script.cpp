#include "driver/script.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"

namespace sonde::driver {

Result<Script> load_script(const Options& options) {
  if (options.has_program) return Script{"stdin", "", options.program, options.arguments};
  const std::string& path = options.arguments.front();
  std::vector<std::string> parameters(options.arguments.begin() + 1, options.arguments.end());
  const bool is_stdin = path == "-";
  auto text = read_file(is_stdin ? "/dev/stdin" : path);
  if (!text) {
    Error error = text.error();
    const bool looks_like_program = path.find_first_of(" {:") != std::string::npos;
    if (looks_like_program) error.hint = "to run a program from the command line use -e 'PROGRAM'";
    return std::unexpected(std::move(error));
  }
  // What a user who means "trace this program" gets, and not the program's bytes as a syntax error.
  if (text->find('\0') != std::string::npos) {
    return fail(
        fmt::format("'{}' is no script: it holds bytes that are no text", path), 0,
        text->starts_with("\x7f"
                          "ELF")
            ? fmt::format("to trace this program: sonde -c '{0}' -e 'uprobe:{0}:main {{ ... }}'",
                          path)
            : "a script is text: see man sonde-lang");
  }
  drop_byte_order_mark(*text);
  return Script{is_stdin ? "stdin" : path, is_stdin ? "" : path, std::move(*text),
                std::move(parameters)};
}

}  // namespace sonde::driver
