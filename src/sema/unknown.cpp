// Names that mean nothing: what the user may have had in mind.
#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "builtins/absent.h"
#include "sema/checker.h"

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

const Type* Checker::unknown_function(const ast::Call& node) {
  if (report_planned(session_, node.name, "()", node.name_location)) return nullptr;
  session_.emit(kinds::UnknownFunction, node.name_location, node.name)
      .hint(hint_for_builtin(node.name, function_names(session_)));
  return nullptr;
}

void Checker::unknown_identifier(const ast::Identifier& node) {
  const auto& variables = probe_.variable_names;
  const bool is_variable = std::ranges::find(variables, "$" + node.name) != variables.end();
  if (!is_variable && report_planned(session_, node.name, "", node.location)) return;
  diag::Builder report = session_.emit(kinds::UnknownIdentifier, node.location, node.name);
  if (is_variable) {
    report.hint(diag::did_you_mean({"$" + node.name}));
    return;
  }
  for (const MapFacts& map : session_.maps.all()) {
    if (map.name == "@" + node.name) {
      report.hint(diag::did_you_mean({map.name}));
      return;
    }
  }
  if (const builtins::Function* function = builtins::find_function(node.name)) {
    report.hint(fmt::format("it is a function: {}", function->signature));
    return;
  }
  for (const plan::AttachPoint& point : probe_.resolved->attach_points) {
    if (point.args != nullptr && point.args->record()->find_field(node.name)) {
      report.hint(diag::did_you_mean({"args." + node.name}));
      return;
    }
  }
  std::vector<std::string> names = builtin_names();
  if (session_.host.constant_names) {
    for (std::string& name : session_.host.constant_names()) names.push_back(std::move(name));
  }
  std::string hint = &node == compared_with_text_
                         ? fmt::format("a text stands in quotes: \"{}\"", node.name)
                         : hint_for_builtin(node.name, names);
  if (hint.empty())
    hint = "variables are written '$name', maps '@name', and a text stands in quotes";
  report.hint(std::move(hint));
}

}  // namespace sonde::sema
