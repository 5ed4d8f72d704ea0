#include "resolve/macro_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ast/walk.h"
#include "builtins/tables.h"

namespace sonde::resolve {
namespace {

namespace kinds = diag::kinds;
using Kind = ast::MacroParameter::Kind;

constexpr std::string_view kKindTexts[] = {"a value", "a variable", "a map", "a type"};

// Only where nothing else would do is a bare name a type, and a type an argument that the body may pass on, or take the
// size of.
enum class Match : std::uint8_t { Close, Any };

bool accepts(const ast::MacroParameter& parameter, const Argument& argument, Match match) {
  if (parameter.kind == argument.kind) return true;
  if (parameter.kind == Kind::Type) return argument.may_be_type && match == Match::Any;
  // Variables and maps are values too.
  return parameter.kind == Kind::Expression && (argument.kind != Kind::Type || match == Match::Any);
}

std::vector<const ast::Macro*> fitting(const std::vector<const ast::Macro*>& overloads,
                                       const std::vector<Argument>& arguments, Match match) {
  std::vector<const ast::Macro*> found;
  const auto fits = [&](const ast::Macro* macro) {
    return std::equal(macro->parameters.begin(), macro->parameters.end(), arguments.begin(),
                      arguments.end(), [&](const auto& parameter, const Argument& argument) {
                        return accepts(parameter, argument, match);
                      });
  };
  std::copy_if(overloads.begin(), overloads.end(), std::back_inserter(found), fits);
  return found;
}

// True if `a` is at no place the more general one: a value takes what a variable or a map takes.
bool is_closer(const ast::Macro& a, const ast::Macro& b) {
  for (std::size_t i = 0; i < a.parameters.size(); ++i) {
    const bool general = a.parameters[i].kind == Kind::Expression;
    if (general && b.parameters[i].kind != Kind::Expression) return false;
  }
  return true;
}

bool same_signature(const ast::Macro& a, const ast::Macro& b) {
  return std::equal(a.parameters.begin(), a.parameters.end(), b.parameters.begin(),
                    b.parameters.end(),
                    [](const auto& x, const auto& y) { return x.kind == y.kind; });
}

std::string count_text(std::size_t count) {
  return count == 0 ? "no arguments"
                    : fmt::format("{} {}", count, count == 1 ? "argument" : "arguments");
}

std::set<std::string_view> own_variables(const ast::Macro& macro) {
  std::set<std::string_view> names;
  ast::walk(*macro.body, [&](ast::Node& node) {
    if (const auto* assignment = ast::as<ast::Assignment>(&node);
        assignment && !assignment->compound) {
      if (const auto* target = ast::as<ast::ScratchVariable>(assignment->target))
        names.insert(target->name);
    }
    if (const auto* let = ast::as<ast::Declaration>(&node)) names.insert(let->target->name);
    if (const auto* loop = ast::as<ast::ForRange>(&node)) names.insert(loop->variable->name);
    if (const auto* loop = ast::as<ast::ForMap>(&node)) names.insert(loop->variable->name);
  });
  return names;
}

}  // namespace

std::string describe(const ast::Macro& macro) {
  std::vector<std::string_view> names;
  for (const ast::MacroParameter& parameter : macro.parameters) names.emplace_back(parameter.name);
  return fmt::format("{}({})", macro.name, fmt::join(names, ", "));
}

MacroTable::MacroTable(ast::Program& program, diag::Emitter& emitter) : emitter_(emitter) {
  for (ast::Macro& macro : program.macros) add(macro);
}

void MacroTable::add(ast::Macro& macro) {
  const bool is_function = builtins::find_function(macro.name) != nullptr;
  if (is_function || builtins::find_variable(macro.name) != nullptr) {
    emitter_.emit(kinds::MacroName, macro.name_location, macro.name,
                  is_function ? "a function" : "a builtin variable");
  }
  for (std::size_t i = 0; i < macro.parameters.size(); ++i) {
    for (std::size_t before = 0; before < i; ++before) {
      if (macro.parameters[i].name != macro.parameters[before].name) continue;
      emitter_
          .emit(kinds::DuplicateDeclaration, macro.parameters[i].location, macro.parameters[i].name)
          .note(macro.parameters[before].location, "first declared here");
    }
  }
  check_body(macro);
  Overloads& overloads = overloads_[macro.name];
  const auto twin = std::find_if(overloads.begin(), overloads.end(), [&](const ast::Macro* other) {
    return same_signature(*other, macro);
  });
  if (twin == overloads.end()) {
    overloads.push_back(&macro);
    return;
  }
  emitter_.emit(kinds::DuplicateDeclaration, macro.name_location, describe(macro))
      .note((*twin)->name_location, "first declared here")
      .hint("macros of one name differ in the number of their parameters or in what these take");
}

// Everything that a body names is a parameter or its own.
void MacroTable::check_body(const ast::Macro& macro) {
  std::set<std::string_view> known = own_variables(macro);
  for (const ast::MacroParameter& parameter : macro.parameters) known.insert(parameter.name);
  std::set<std::string> reported;
  const auto check = [&](const std::string& name, const diag::Location& where) {
    if (known.contains(name) || !reported.insert(name).second) return;
    std::string parameters = name;
    for (auto each = macro.parameters.rbegin(); each != macro.parameters.rend(); ++each) {
      parameters = each->name + ", " + parameters;
    }
    emitter_.emit(kinds::NotAParameter, where, name, macro.name)
        .hint(fmt::format("a macro sees only what it is given: macro {}({})", macro.name,
                          parameters));
  };
  const auto look = [&](ast::Node& node) {
    if (const auto* map = ast::as<ast::MapAccess>(&node)) {
      diag::Location name = map->location;
      name.end = name.begin + static_cast<std::uint32_t>(map->name.size());
      check(map->name, name);
    }
    if (const auto* variable = ast::as<ast::ScratchVariable>(&node))
      check(variable->name, variable->location);
  };
  ast::walk(*macro.body, look);
  if (macro.value != nullptr) ast::walk(*macro.value, look);
}

const ast::Macro* MacroTable::find(std::string_view name, const std::vector<Argument>& arguments,
                                   const diag::Location& where) const {
  const Overloads& all = overloads_.find(name)->second;
  Overloads found = fitting(all, arguments, Match::Close);
  if (found.empty()) found = fitting(all, arguments, Match::Any);
  if (found.empty()) {
    report_mismatch(all, arguments, where);
    return nullptr;
  }
  for (const ast::Macro* best : found) {
    if (std::all_of(found.begin(), found.end(),
                    [&](const ast::Macro* other) { return is_closer(*best, *other); }))
      return best;
  }
  diag::Builder report = emitter_.emit(kinds::AmbiguousMacro, where, std::string(name));
  for (const ast::Macro* macro : found) report.note(macro->name_location, describe(*macro));
  return nullptr;
}

void MacroTable::report_mismatch(const Overloads& candidates,
                                 const std::vector<Argument>& arguments,
                                 const diag::Location& where) const {
  const ast::Macro& only = *candidates.front();
  if (candidates.size() > 1) {
    diag::Builder report = emitter_.emit(kinds::NoMatchingMacro, where, only.name);
    for (const ast::Macro* macro : candidates) report.note(macro->name_location, describe(*macro));
    return;
  }
  if (only.parameters.size() != arguments.size()) {
    emitter_
        .emit(kinds::MacroArgumentCount, where, only.name, count_text(only.parameters.size()),
              arguments.size())
        .note(only.name_location, describe(only));
    return;
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const ast::MacroParameter& parameter = only.parameters[i];
    if (accepts(parameter, arguments[i], Match::Any)) continue;
    emitter_
        .emit(kinds::MacroArgument, arguments[i].location, i + 1, only.name,
              std::string(kKindTexts[static_cast<std::size_t>(parameter.kind)]), arguments[i].text)
        .note(parameter.location, fmt::format("'{}' is declared here", parameter.name));
  }
}

}  // namespace sonde::resolve
