// Types of one probe's body. The same walk infers (run again and again while types are learned) and checks (once, at the
// end, with reports). A null type means "not known yet" while inferring and "already reported" in the final pass: whoever
// meets one returns null and says nothing.
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
  // An integral or pointer value that decides something.
  void condition(ast::Expression*& slot);

  // --- maps (maps.cpp) ---
  // The map as a whole, as print() takes it. Null after an error.
  MapFacts* whole_map(ast::MapAccess& node);
  // One element: checks the key and learns its type. Null after an error.
  MapFacts* element(ast::MapAccess& node);
  // The key `key` of the keyed map `map`. False after an error.
  bool key(MapFacts& map, ast::Expression*& key);
  void write(MapFacts& map, const Given& type, const Location& where);
  // Type of an element that is read: of an aggregation the number that it comes to. Null after an error.
  const Type* value_of(const MapFacts& map, const Location& where);
  // Reports a map that nothing writes, at most once per place.
  bool known(MapFacts& map, const Location& where);

  // Gives literals and tuple literals in `node` the type that their destination has.
  void adapt(ast::Expression& node, const Type* target);

  // A variable is given values of this type by something else than an assignment. False after an error.
  bool give_variable(ast::ScratchVariable& target, const Type* type);

  // The type of a checked expression in both views, see Given. Its type must be known.
  [[nodiscard]] Given given(const ast::Expression& node) const;

  // Replaces what turned out to be true or false by a literal, once the types are settled.
  void settle(ast::Expression*& slot, bool value);

  // The type that is written; that of the expression in a `typeof`. Null if it is not known yet.
  const Type* type_of(ast::TypeName& name);

  // Address space of the memory that a place expression (record, array element) lies in.
  [[nodiscard]] types::AddressSpace space_of(const ast::Expression& node) const;
  // Notes where a record was copied from.
  void note_origin(std::optional<types::AddressSpace>& origin, const ast::Expression& value);

  // Type of `args`; notes that the probe uses it. Null after an error.
  const Type* arguments(const Location& where);
  // A builtin variable (variables.cpp); `call` if it was written with parentheses.
  const Type* builtin(const builtins::Variable& row, const Location& where, const ast::Call* call);

  // --- positional parameters (parameters.cpp) ---
  // Makes `$1` a string, whatever it reads like. Anything else stays.
  void take_text(ast::Expression*& slot);
  // The same, and `$1 + 2`, which leaves out characters. False after an error.
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
  void statements(std::vector<ast::Statement*>& nodes);
  void loop(ast::Block& body);

  // The second halves of value() and copied(), for an expression that place() has seen.
  const Type* used(ast::Expression*& slot);
  const Type* used_copy(ast::Expression*& slot);

  void unknown_identifier(const ast::Identifier& node);
  const Type* unknown_function(const ast::Call& node);
  // c_call.cpp
  const Type* c_call(ast::Call& node, const plan::CFunction& function);
  bool c_argument(const ast::Call& node, std::size_t index, ast::Expression*& slot,
                  const plan::CFunction& function);
  bool knows_thread(const builtins::Function& row, const Location& where);
  ast::Call* bare_call(const ast::Expression& node);

  void sign_literals(ast::Expression& left, ast::Expression& right);
  // Types of both sides: a parameter that is compared with a string is one. False if one is not known.
  bool operands(ast::Binary& node);

  // operators.cpp
  const Type* dereference(ast::Unary& node);
  const Type* address_of(ast::Unary& node);
  const Type* step(ast::Unary& node);
  const Type* comparison(ast::Binary& node);
  const Type* operator_result(ast::BinaryOp op, const Location& where, ast::Expression& left,
                              ast::Expression& right);
  [[nodiscard]] bool loses_sign(const ast::Expression& operand) const;
  void convert(ast::Expression*& slot, const Type* type);
  const Type* compare_tuples(ast::Binary& node);
  const Type* compare_arrays(ast::Binary& node);
  const Type* compare_addresses(ast::Binary& node);
  const Type* bad_operands(ast::BinaryOp op, const Location& where, const Type* left,
                           const Type* right);

  // comptime.cpp
  [[nodiscard]] bool is_undecided(ast::Expression& node) const;
  [[nodiscard]] std::optional<bool> decided(const ast::Expression& node) const;
  const Type* logical(ast::Binary& node, ast::Expression*& slot);
  const Type* chosen(ast::Ternary& node, ast::Expression*& slot, bool condition);

  // access.cpp
  const Type* array_cast(ast::Cast& node, const Type* from, const Type* to);
  const Type* record_field(ast::Member& node, const Type* record);
  const Type* element_of_tuple(ast::Index& node, const Type& tuple);
  bool same_in_all_probes(const ast::Member& node, const Type* type);
  const Type* read_from(types::AddressSpace space, const Type* type);
  const Type* field_offset(ast::OffsetOf& node, const Type* type, const std::string& name);
  const Type* element_offset(ast::OffsetOf& node, const Type* type, const std::string& index);

  [[nodiscard]] const Type* natural(const ast::Expression& node) const;
  [[nodiscard]] const Type* natural_result(ast::BinaryOp op, const ast::Expression& left,
                                           const ast::Expression& right) const;

  // assign.cpp
  void assign_variable(ast::Assignment& node, ast::ScratchVariable& target);
  void assign_map(ast::Assignment& node, ast::MapAccess& target);
  void set_variable(ast::ScratchVariable& target, const Given& type, ast::Expression& value);
  void set_declared(ast::ScratchVariable& target, const Given& type, ast::Expression& value);
  const Type* aggregation(ast::Expression*& slot);

  // loops.cpp
  void choose_form(ast::ForRange& node);

  Session& session_;
  ProbeFacts& probe_;
  int loops_ = 0;
  const ast::Expression* compared_with_text_ = nullptr;  // Stands on the other side of == or !=.
  bool aggregation_allowed_ =
      false;  // The call being checked is the right side of a map assignment.
};

// int8[N], also as `char[N]`.
[[nodiscard]] bool is_char_array(const Type* type);

// Why probes of a kind without the capability kThread have no pid, comm, ...
[[nodiscard]] std::string no_thread_hint(const builtins::ProbeKind& kind);

// "did you mean 'pid'?" for `$pid` and `@pid`; "" if there is no such builtin.
[[nodiscard]] std::string hint_for_sigil(std::string_view name);

}  // namespace sonde::sema
