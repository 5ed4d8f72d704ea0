// sonde -l: probes by pattern, or those of a script.
#include <fmt/format.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "driver/compile.h"
#include "driver/messages.h"
#include "driver/modes.h"
#include "parser/parser.h"
#include "resolve/list.h"
#include "resolve/resolve.h"

namespace sonde::driver {
namespace {

int list_script(const Options& options) {
  const auto script = load_script(options);
  if (!script) {
    print_error(script.error());
    return 1;
  }
  Compilation c;
  const auto environment = prepare(c, options);
  if (!environment) return 1;
  ast::Program tree = parser::parse(c.sources, c.sources.add(script->name, script->text), c.emitter,
                                    {c.view->has_btf()});
  resolve::Resolved resolved;
  if (!c.emitter.has_errors()) {
    resolve::Options resolve_options;
    resolve_options.parameters = script->parameters;
    resolve_options.settings = environment->settings;
    resolve_options.fixed_settings = environment->set;
    resolve_options.headers = header_options(*script, options);
    resolve_options.named = options.named;
    resolve_options.imports = {script->path, options.include_folders};
    resolved = resolve::resolve(tree, c.sources, *c.view, *c.types, resolve_options, c.emitter);
  }
  print_diagnostics(c.emitter, c.sources, options.verbose, !options.no_warnings);
  std::string text;
  for (const plan::ResolvedProbe& probe : resolved.probes) {
    for (const plan::AttachPoint& place : probe.attach_points) text += place.name + "\n";
  }
  fmt::print("{}", text);
  return c.emitter.has_errors() ? 1 : 0;
}

int list_pattern(const Options& options) {
  const std::string pattern = options.arguments.empty() ? "" : options.arguments.front();
  Compilation c;
  if (!prepare(c, options)) return 1;
  const resolve::Listing listing = resolve::list(*c.view, pattern, options.verbose);
  std::string text;
  for (const resolve::ListedProbe& probe : listing.probes) {
    text += probe.name + "\n";
    for (const std::string& argument : probe.arguments) text += "    " + argument + "\n";
  }
  fmt::print("{}", text);
  for (const std::string& problem : listing.problems) fmt::print(stderr, "WARNING: {}\n", problem);
  if (!listing.probes.empty()) return 0;
  if (!listing.problems.empty()) return 1;  // They say why nothing was found.
  print_error(fmt::format("no probe matches '{}'", pattern),
              "wildcards help: sonde -l 'tracepoint:*open*'");
  return 1;
}

bool is_script(const Options& options) {
  return options.has_program ||
         (options.arguments.size() == 1 && options.arguments[0].find(':') == std::string::npos &&
          ::access(options.arguments[0].c_str(), R_OK) == 0);
}

}  // namespace

int list_probes(const Options& options) {
  return is_script(options) ? list_script(options) : list_pattern(options);
}

}  // namespace sonde::driver
