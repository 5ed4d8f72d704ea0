// sonde SCRIPT --help: what the script is for, and the parameters it takes.
#include <fmt/format.h>

#include <algorithm>

#include "ast/walk.h"
#include "base/text.h"
#include "driver/compile.h"
#include "driver/messages.h"
#include "driver/modes.h"
#include "parser/parser.h"
#include "resolve/parameters.h"
#include "resolve/resolve.h"

namespace sonde::driver {
namespace {

// The first paragraph of the comment that the script begins with, without what marks it as a comment.
std::string summary(std::string_view text) {
  std::string out;
  bool in_block = false;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (line.starts_with("#!") && out.empty()) continue;
    const bool opens = !in_block && line.starts_with("/*");
    if (!in_block && !opens && !line.starts_with("//")) {
      if (line.empty() && out.empty()) continue;
      break;
    }
    if (opens || line.starts_with("//")) line.remove_prefix(2);
    in_block = in_block || opens;
    const std::size_t end = in_block ? line.find("*/") : std::string_view::npos;
    const bool last = end != std::string_view::npos;
    line = trim(line.substr(0, end));
    if (in_block && line.starts_with('*')) line = trim(line.substr(1));
    if (line.empty() && !out.empty()) break;
    if (!line.empty()) out += std::string(line) + "\n";
    if (last) break;
  }
  return out;
}

// The highest N of $N in the script.
std::uint32_t positional_parameters(ast::Program& program) {
  std::uint32_t highest = 0;
  for (ast::Probe& probe : program.probes) {
    ast::walk(probe, [&](ast::Node& node) {
      if (const auto* parameter = ast::as<ast::PositionalParameter>(&node))
        highest = std::max(highest, parameter->index);
    });
    for (const ast::AttachPoint& point : probe.attach_points)
      highest = std::max(highest, resolve::highest_parameter(point.text));
  }
  return highest;
}

std::string spelling(const resolve::NamedParameter& parameter) {
  static constexpr std::string_view kValues[] = {"", "=INTEGER", "=STRING"};
  return fmt::format("--{}{}", parameter.name, kValues[parameter.value.index()]);
}

std::string describe(const std::vector<resolve::NamedParameter>& parameters) {
  std::size_t width = std::string_view("--help").size();
  for (const auto& parameter : parameters) width = std::max(width, spelling(parameter).size());
  std::string text = "Options, behind '--':\n";
  for (const auto& parameter : parameters) {
    text += fmt::format("  {:<{}}  {}{}(default {})\n", spelling(parameter), width,
                        parameter.description, parameter.description.empty() ? "" : " ",
                        resolve::value_text(parameter.value));
  }
  return text + fmt::format("  {:<{}}  Print this help\n", "--help", width);
}

}  // namespace

int print_script_help(const Options& options) {
  const auto script = load_script(options);
  if (!script) {
    print_error(script.error());
    return 1;
  }
  Compilation c;
  ast::Program tree =
      parser::parse(c.sources, c.sources.add(script->name, script->text), c.emitter);
  std::vector<resolve::NamedParameter> parameters;
  if (!c.emitter.has_errors() &&
      resolve::assemble(tree, c.sources, {script->path, options.include_folders}, c.emitter))
    parameters = resolve::named_parameters(tree, c.emitter);
  print_diagnostics(c.emitter, c.sources, options.verbose, !options.no_warnings);
  if (c.emitter.has_errors()) return 1;
  std::string text = "Usage: sonde " + (script->path.empty() ? "-e 'PROGRAM'" : script->path);
  for (std::uint32_t i = 1; i <= positional_parameters(tree); ++i) text += fmt::format(" ${}", i);
  if (!parameters.empty()) text += " [-- OPTIONS]";
  const std::string about = summary(script->text);
  text += about.empty() ? "\n\n" : "\n\n" + about + "\n";
  if (!parameters.empty()) text += describe(parameters) + "\n";
  fmt::print("{}sonde --help lists the options of sonde itself.\n", text);
  return 0;
}

}  // namespace sonde::driver
