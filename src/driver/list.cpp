// sonde -l: probes by pattern, or those of a script.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>

#include "base/file.h"
#include "base/text.h"
#include "builtins/tables.h"
#include "driver/compile.h"
#include "driver/messages.h"
#include "driver/modes.h"
#include "output/json.h"
#include "parser/parser.h"
#include "resolve/lister.h"
#include "resolve/resolve.h"

namespace sonde::driver {
namespace {

std::string json_string(std::string_view bytes) {
  std::string text;
  output::append_json_string(text, bytes);
  return text;
}

std::string probe_text(const resolve::ListedProbe& probe, const Options& options) {
  if (options.format == Format::Text) {
    std::string text = probe.name + "\n";
    for (const resolve::ListedArgument& argument : probe.arguments)
      text += fmt::format("    {}\n", argument.declaration);
    return text;
  }
  std::string arguments;
  for (const resolve::ListedArgument& argument : probe.arguments) {
    arguments += fmt::format("{}{{\"name\": {}, \"type\": {}}}", arguments.empty() ? "" : ", ",
                             json_string(argument.name), json_string(argument.type));
  }
  // Nobody has looked for them without -v.
  if (options.verbose) arguments = fmt::format(", \"args\": [{}]", arguments);
  const std::string_view kind = std::string_view(probe.name).substr(0, probe.name.find(':'));
  return fmt::format("{{\"type\": \"probe\", \"data\": {{\"name\": {}, \"kind\": {}{}}}}}\n",
                     json_string(probe.name), json_string(kind), arguments);
}

std::string type_text(const resolve::ListedType& type, Format format) {
  if (format == Format::Text)
    return type.definition.empty() ? type.name + "\n" : type.definition + "\n\n";
  const std::string definition =
      type.definition.empty() ? ""
                              : fmt::format(", \"definition\": {}", json_string(type.definition));
  return fmt::format("{{\"type\": \"type\", \"data\": {{\"name\": {}{}}}}}\n",
                     json_string(type.name), definition);
}

// What was looked through: "begin, end, tracepoint (2100), ...".
std::string searched_text(const resolve::Listing& listing) {
  std::string text;
  for (const auto& [kind, candidates] : listing.searched) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", kind);
    if (candidates > 1) text += fmt::format(" ({})", candidates);
  }
  return text;
}

// How attach points of the kind are written, if the pattern can mean one kind only of which there is no list.
std::string form_text(const resolve::Listing& listing) {
  if (!listing.problems.empty()) return {};
  if (listing.searched.size() != 1 || listing.searched[0].candidates != 0) return {};
  const auto* kind = builtins::find_probe_kind(listing.searched[0].kind);
  if (kind == nullptr) return {};
  return fmt::format("its places are no list; it is written {}: sonde --help-function {}",
                     kind->doc.substr(0, kind->doc.find('\n')), kind->name);
}

// One page that helps on: what was looked through, why that may be little, and what is near.
int print_nothing_found(Compilation& c, const resolve::ListRequest& request,
                        const resolve::Listing& listing) {
  std::string hint;
  for (const std::string& name : resolve::nearest_listed(*c.view, request))
    hint += fmt::format("{}{}", hint.empty() ? "did you mean " : " or ", name);
  hint = hint.empty() ? form_text(listing) : hint + "?";
  if (hint.empty()) {
    hint =
        "patterns help: sonde -l '*open*', sonde -l 'tracepoint:sched:*', sonde -l "
        "'uprobe:libc:*', "
        "sonde -l 'struct task_*'";
  }
  for (const std::string& problem : listing.problems) print_warning(problem);
  print_error(fmt::format("nothing matches '{}'", request.pattern), hint);
  if (const std::string searched = searched_text(listing); !searched.empty())
    fmt::print(stderr, "Searched: {}\n", searched);
  return 1;
}

int list_pattern(const Options& options) {
  Compilation c;
  if (!prepare(c, options)) return 1;
  const std::string pattern = fmt::format("{}", fmt::join(options.arguments, ","));
  const resolve::ListRequest request{pattern, options.verbose};
  const resolve::Listing listing = resolve::list(*c.view, request);
  if (listing.empty()) return print_nothing_found(c, request, listing);
  std::string text;
  for (const resolve::ListedProbe& probe : listing.probes) text += probe_text(probe, options);
  for (const resolve::ListedType& type : listing.types) text += type_text(type, options.format);
  fmt::print("{}", text);
  std::fflush(stdout);
  for (const std::string& problem : listing.problems) print_warning(problem);
  return 0;
}

resolve::ListedProbe listed(const plan::AttachPoint& place, bool with_arguments) {
  resolve::ListedProbe probe{place.name, {}};
  if (with_arguments) {
    resolve::Lister::add_arguments(probe, place.args);
    resolve::Lister::add_result(probe, place.retval);
    resolve::add_usdt_arguments(probe, place.usdt_arguments);
  }
  return probe;
}

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
    resolve_options.unsafe = options.unsafe;
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
    for (const plan::AttachPoint& place : probe.attach_points)
      text += probe_text(listed(place, options.verbose), options);
  }
  fmt::print("{}", text);
  return c.emitter.has_errors() ? 1 : 0;
}

// A pattern is one argument; a script may have parameters behind it.
bool is_script(const Options& options) {
  return options.has_program ||
         (!options.arguments.empty() && options.arguments[0].find(':') == std::string::npos &&
          ::access(options.arguments[0].c_str(), R_OK) == 0);
}

}  // namespace

int list_probes(const Options& options) {
  return is_script(options) ? list_script(options) : list_pattern(options);
}

}  // namespace sonde::driver
