// The macros of a program: their definitions checked, and which of them a call means.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"

namespace sonde::resolve {

// "add(x, @m)"
[[nodiscard]] std::string describe(const ast::Macro& macro);

// An argument as the choice among overloads sees it.
struct Argument {
  ast::MacroParameter::Kind kind = ast::MacroParameter::Kind::Expression;
  bool may_be_type = false;  // A bare name: for a parameter that stands for a type it is one.
  diag::Location location;
  std::string text;  // "a map", "a value", ...: for reports.
};

class MacroTable {
 public:
  // Reports definitions that are wrong in themselves.
  MacroTable(ast::Program& program, diag::Emitter& emitter);

  [[nodiscard]] bool empty() const { return overloads_.empty(); }
  [[nodiscard]] bool knows(std::string_view name) const { return overloads_.contains(name); }
  // The macro that the call at `where` means; null after a report.
  [[nodiscard]] const ast::Macro* find(std::string_view name,
                                       const std::vector<Argument>& arguments,
                                       const diag::Location& where) const;

 private:
  using Overloads = std::vector<const ast::Macro*>;

  void add(ast::Macro& macro);
  void check_body(const ast::Macro& macro);
  void report_mismatch(const Overloads& candidates, const std::vector<Argument>& arguments,
                       const diag::Location& where) const;

  diag::Emitter& emitter_;
  std::map<std::string, Overloads, std::less<>> overloads_;
};

}  // namespace sonde::resolve
