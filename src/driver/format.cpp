// --fmt: scripts in the project's layout, on stdout, in their files, or compared with it.
#include <fmt/format.h>

#include "base/diff.h"
#include "base/file.h"
#include "driver/messages.h"
#include "driver/modes.h"
#include "driver/script.h"
#include "parser/format.h"

namespace sonde::driver {
namespace {

// Nothing if the script cannot be formatted, which has been printed.
std::optional<std::string> formatted(const Script& script, const Options& options) {
  diag::Sources sources;
  diag::Emitter emitter;
  const std::uint32_t source = sources.add(script.name, script.text);
  const parser::Formatted result = parser::format(sources, source, emitter);
  print_diagnostics(emitter, sources, options.verbose, !options.no_warnings);
  if (emitter.has_errors()) return std::nullopt;
  if (!result.problem.empty()) {
    print_error(fmt::format("{}: internal error: formatting would change the script: {}",
                            script.name, result.problem),
                "nothing was written; please report this with the script");
    return std::nullopt;
  }
  return result.text;
}

bool format_one(const Script& script, const Options& options) {
  const auto text = formatted(script, options);
  if (!text) return false;
  if (options.check) {
    if (*text == script.text) return true;
    fmt::print("{}: not formatted\n{}", script.name,
               unified_diff(script.text, *text, script.name, script.name + " (formatted)"));
    return false;
  }
  if (!options.in_place) {
    fmt::print("{}", *text);
    return true;
  }
  // A file that is right keeps its time.
  if (*text == script.text) return true;
  const auto written = replace_file(script.name, *text);
  if (!written) print_error(written.error());
  return written.has_value();
}

}  // namespace

int format_scripts(const Options& options) {
  Options one = options;
  bool good = true;
  const std::size_t count = options.has_program ? 1 : options.arguments.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (!options.has_program) one.arguments = {options.arguments[i]};
    const auto script = load_script(one);
    if (!script) {
      print_error(script.error());
      good = false;
      continue;
    }
    good &= format_one(*script, options);
  }
  return good ? 0 : 1;
}

}  // namespace sonde::driver
