// The walk over one probe's body that gives each expression its type. The same walk infers (run again and again while types
// are learned) and checks (once, at the end, with reports). A null type means "not known yet" while inferring and "already
// reported" in the final pass: whoever meets one returns null and says nothing.
//
// It holds no rules of its own; these are functions of the nodes and of the facts in session.h: promote.h and natural.h
// (integers), variable_types.h and map_types.h (what places hold), operator_rules.h, address_space.h, adapt.h, comptime.h.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ast/ast.h"
#include "builtins/tables.h"
#include "sema/session.h"

namespace sonde::sema {

class Checker {
 public:
  Checker(Session& session, ProbeFacts& probe) : session_(session), probe_(probe) {}

  void check_probe();

  // Type of an expression as it stands: arrays stay arrays, calls without a value give void. May replace the node in
  // `slot` (folding). Sets Expression::type.
  const Type* place(ast::Expression*& slot);
  // Type of an expression whose value is used: an array of char is a string, void is reported.
  const Type* value(ast::Expression*& slot);
  // A value that can be copied: records are reported.
  const Type* copied(ast::Expression*& slot);
  // An integral or pointer value that decides something. False if it is of another type, which has been reported.
  bool condition(ast::Expression*& slot);

  // --- maps (maps.cpp) ---
  // One element: checks the key and learns its type. Null after an error.
  MapFacts* element(ast::MapAccess& node);
  // The key `key` of the keyed map `map`. False after an error.
  bool key(MapFacts& map, ast::Expression*& key);

  // The type that is written; that of the expression in a `typeof`. Null if it is not known yet.
  const Type* type_of(ast::TypeName& name);

  // Type of `args`; notes that the probe uses it. Null after an error.
  const Type* arguments(const Location& where);
  // A builtin variable (variables.cpp); `call` if it was written with parentheses.
  const Type* builtin(const builtins::Variable& row, const Location& where, const ast::Call* call);

  // Makes `$1` a string, and `$1 + 2`, which leaves out characters. False after an error.
  bool take_parameter_text(ast::Expression*& slot);

  // Adds an action in the final pass and returns its index; -1 before.
  int add_action(plan::Action action);

  [[nodiscard]] Session& session() { return session_; }
  [[nodiscard]] ProbeFacts& probe() { return probe_; }

  // --- one per node class; called by place() and statement() ---
  const Type* check(ast::IntegerLiteral& node, ast::Expression*& slot);
  const Type* check(ast::BoolLiteral& node, ast::Expression*& slot);
  const Type* check(ast::StringLiteral& node, ast::Expression*& slot);
  const Type* check(ast::Identifier& node, ast::Expression*& slot);
  const Type* check(ast::PositionalParameter& node, ast::Expression*& slot);
  const Type* check(ast::ScratchVariable& node, ast::Expression*& slot);
  const Type* check(ast::MapAccess& node, ast::Expression*& slot);
  const Type* check(ast::Call& node, ast::Expression*& slot);
  const Type* check(ast::Unary& node, ast::Expression*& slot);
  const Type* check(ast::Binary& node, ast::Expression*& slot);
  const Type* check(ast::Ternary& node, ast::Expression*& slot);
  const Type* check(ast::Member& node, ast::Expression*& slot);
  const Type* check(ast::Index& node, ast::Expression*& slot);
  const Type* check(ast::Cast& node, ast::Expression*& slot);
  const Type* check(ast::SizeOf& node, ast::Expression*& slot);
  const Type* check(ast::OffsetOf& node, ast::Expression*& slot);
  const Type* check(ast::TypeArgument& node, ast::Expression*& slot);
  const Type* check(ast::Tuple& node, ast::Expression*& slot);
  const Type* check(ast::BlockExpression& node, ast::Expression*& slot);

  void check(ast::ExpressionStatement& node);
  void check(ast::Assignment& node);
  void check(ast::Declaration& node);
  void check(ast::Block& node);
  void check(ast::If& node);
  void check(ast::While& node);
  void check(ast::Unroll& node);
  void check(ast::ForRange& node);
  void check(ast::ForMap& node);
  void check(ast::Jump& node);

 private:
  void statement(ast::Statement& node);
  void check_result(ast::Expression*& slot);
  void statements(std::vector<ast::Statement*>& nodes);
  void loop(ast::Block& body);

  // The second halves of value() and copied(), for an expression that place() has seen.
  const Type* used(ast::Expression*& slot);
  const Type* used_copy(ast::Expression*& slot);

  // c_call.cpp
  const Type* c_call(ast::Call& node, const plan::CFunction& function);
  bool c_argument(const ast::Call& node, std::size_t index, ast::Expression*& slot,
                  const plan::CFunction& function);
  bool knows_thread(const builtins::Function& row, const Location& where);
  ast::Call* bare_call(const ast::Expression& node);

  // Types of both sides: a parameter that is compared with a string is one. False if one is not known.
  bool operands(ast::Binary& node);

  // operators.cpp
  const Type* dereference(ast::Unary& node);
  const Type* address_of(ast::Unary& node);
  const Type* step(ast::Unary& node);
  const Type* comparison(ast::Binary& node);
  void convert(ast::Expression*& slot, const Type* type);
  const Type* compare_tuples(ast::Binary& node);
  const Type* compare_arrays(ast::Binary& node);
  const Type* compare_addresses(ast::Binary& node);

  // comptime.cpp
  void learn_from_dropped(ast::Node& branch);
  const Type* logical(ast::Binary& node, ast::Expression*& slot);
  const Type* chosen(ast::Ternary& node, ast::Expression*& slot, bool condition);

  // assign.cpp
  void assign_variable(ast::Assignment& node, ast::ScratchVariable& target);
  void assign_map(ast::Assignment& node, ast::MapAccess& target);
  const Type* aggregation(ast::Expression*& slot);

  // loops.cpp
  void choose_form(ast::ForRange& node);

  Session& session_;
  ProbeFacts& probe_;
  int loops_ = 0;
  bool names_one_argument_ = false;  // `args` that is being checked is that of `args.NAME`.
  const ast::Expression* compared_with_text_ = nullptr;  // Stands on the other side of == or !=.
  bool aggregation_allowed_ =
      false;  // The call being checked is the right side of a map assignment.
};

// int8[N], also as `char[N]`.
[[nodiscard]] bool is_char_array(const Type* type);

// Why probes of a kind without the capability kThread have no pid, comm, ...
[[nodiscard]] std::string no_thread_hint(const builtins::ProbeKind& kind);

}  // namespace sonde::sema
