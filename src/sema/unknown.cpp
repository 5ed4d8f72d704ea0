#include "sema/unknown.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "builtins/absent.h"

namespace sonde::sema {
namespace {

std::vector<std::string> builtin_names() {
  std::vector<std::string> names;
  for (const builtins::Variable& row : builtins::variables()) names.emplace_back(row.name);
  for (const builtins::Function& row : builtins::functions()) names.emplace_back(row.name);
  return names;
}

bool is_builtin(std::string_view name) {
  return builtins::find_variable(name) != nullptr || builtins::find_function(name) != nullptr;
}

// Macros of the script count as functions, and what imported C files define.
std::vector<std::string> function_names(const Session& session) {
  std::vector<std::string> names = builtin_names();
  for (const ast::Macro& macro : session.program.macros) names.push_back(macro.name);
  for (const plan::CObject* object : session.host.c_objects) {
    for (const plan::CFunction& function : object->functions) names.push_back(function.name);
  }
  return names;
}

// Another language's word for it, the name in lower case (`PID`), or the nearest builtins.
std::string hint_for_builtin(const std::string& name, const std::vector<std::string>& known) {
  if (const std::string_view foreign = builtins::foreign_hint(name); !foreign.empty())
    return std::string(foreign);
  std::string lower = name;
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return diag::did_you_mean(is_builtin(lower) ? std::vector{lower} : nearest(name, known));
}

// True if it was one: it has been reported.
bool report_planned(Session& session, const std::string& name, std::string_view parentheses,
                    const Location& where) {
  const builtins::PlannedName* planned = builtins::find_planned(name);
  if (planned == nullptr) return false;
  session.emit(kinds::UnsupportedFeature, where, fmt::format("'{}{}'", name, parentheses))
      .hint(std::string(planned->instead));
  return true;
}

}  // namespace

std::string hint_for_sigil(std::string_view name) {
  const std::string_view bare = name.substr(1);
  return builtins::find_variable(bare) != nullptr ? diag::did_you_mean({std::string(bare)})
                                                  : std::string();
}

void report_unknown(Session& session, const ast::Call& node) {
  if (report_planned(session, node.name, "()", node.name_location)) return;
  session.emit(kinds::UnknownFunction, node.name_location, node.name)
      .hint(hint_for_builtin(node.name, function_names(session)));
}

void report_unknown(Session& session, const ProbeFacts& probe, const ast::Identifier& node,
                    bool is_compared_with_text) {
  const auto& variables = probe.variable_names;
  const bool is_variable = std::ranges::find(variables, "$" + node.name) != variables.end();
  if (!is_variable && report_planned(session, node.name, "", node.location)) return;
  // A macro that is no constant was told when its value was asked for.
  const auto constants =
      session.host.constant_names ? session.host.constant_names() : std::vector<std::string>();
  if (std::ranges::find(constants, node.name) != constants.end()) return;
  diag::Builder report = session.emit(kinds::UnknownIdentifier, node.location, node.name);
  if (is_variable) {
    report.hint(diag::did_you_mean({"$" + node.name}));
    return;
  }
  for (const MapFacts& map : session.maps.all()) {
    if (map.name == "@" + node.name) {
      report.hint(diag::did_you_mean({map.name}));
      return;
    }
  }
  if (const builtins::Function* function = builtins::find_function(node.name)) {
    report.hint(fmt::format("it is a function: {}", function->signature));
    return;
  }
  for (const plan::AttachPoint& point : probe.resolved->attach_points) {
    if (point.args != nullptr && point.args->record()->find_field(node.name)) {
      report.hint(diag::did_you_mean({"args." + node.name}));
      return;
    }
  }
  std::vector<std::string> names = builtin_names();
  names.insert(names.end(), constants.begin(), constants.end());
  std::string hint = is_compared_with_text
                         ? fmt::format("a text stands in quotes: \"{}\"", node.name)
                         : hint_for_builtin(node.name, names);
  if (hint.empty())
    hint = "variables are written '$name', maps '@name', and a text stands in quotes";
  report.hint(std::move(hint));
}

}  // namespace sonde::sema
