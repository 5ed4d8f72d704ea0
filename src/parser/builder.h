// Makes the nodes of the tree for the grammar's actions, and reports what the grammar lets pass only in order to say
// something better than "expected X".
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"
#include "parser/literal.h"

namespace sonde::parser {

using ast::kMaxHeight;
// More errors in one script help nobody.
inline constexpr std::size_t kMaxErrors = 20;

using ast::Expression;
using ast::Statement;
using diag::Location;
using Expressions = std::vector<Expression*>;
using Statements = std::vector<Statement*>;

struct Word {
  std::string_view text;  // Into the scanner's buffer.
  Location location;
};

struct IntegerText {
  std::uint64_t value = 0;
  std::string_view text;
};

// What stands between `for` and its block.
struct ForHead {
  Word variable;
  Expression* first = nullptr;  // The map, or the start of the range.
  Expression* end = nullptr;    // Null for a map.
};

class Builder {
 public:
  Builder(ast::Program& program, diag::Emitter& emitter) : program_(program), emitter_(emitter) {}

  // --- top level ---
  // `where`: the word 'config'.
  void config_block(const Location& where);
  void add_config(const Location& where, const Word& name, std::string value,
                  const Location& value_at);
  void add_map_declaration(const Location& where, const Word& name, const Word& type,
                           const IntegerText& entries);
  void add_import(const Location& where, std::string path, const Location& path_at);
  [[nodiscard]] ast::MacroParameter macro_parameter(const Word& word);
  // `last` is the macro's value if it is an expression; null if the body ends with a ';' or '}'.
  void add_macro(const Location& where, const Word& name,
                 std::vector<ast::MacroParameter> parameters, const Location& body_at,
                 Statements statements, Statement* last);
  void add_c_part(ast::CPart part) { program_.c_parts.push_back(std::move(part)); }
  [[nodiscard]] ast::AttachPoint attach_point(const Word& text);
  void add_probe(const Location& where, std::vector<ast::AttachPoint> attach_points,
                 Expression* predicate, ast::Block* body);
  void block_without_probe(const ast::Block& block);

  // --- types ---
  using TypePointer = std::unique_ptr<ast::TypeName>;
  [[nodiscard]] TypePointer type(const Location& where, ast::TypeName::Keyword keyword,
                                 std::string_view name);
  [[nodiscard]] TypePointer add_word(TypePointer type, const Word& word);
  [[nodiscard]] TypePointer finish_type(const Location& where, TypePointer type,
                                        std::uint32_t pointers,
                                        const std::vector<std::uint32_t>& dimensions);
  // `typeof(EXPRESSION)`; `typeof(TYPE)` is that type.
  [[nodiscard]] TypePointer type_of(const Location& where, Expression* of);
  [[nodiscard]] std::uint32_t dimension(const Location& where, const IntegerText& literal);

  // --- expressions ---
  Expression* integer(const Location& where, const IntegerText& literal);
  Expression* boolean(const Location& where, bool value);
  Expression* string(const Location& where, UnescapedString text);
  Expression* identifier(const Word& word);
  Expression* parameter(const Location& where, std::uint32_t index);
  Expression* variable(const Word& word);
  Expression* map(const Location& where, const Word& name, Expressions keys,
                  const Location& keys_at);
  Expression* call(const Location& where, const Word& name, Expressions arguments);
  Expression* unary(const Location& where, ast::UnaryOp op, Expression* operand);
  // `++` and `--`: the operand must be a variable or a map.
  Expression* step(const Location& where, ast::UnaryOp op, Expression* operand);
  Expression* binary(ast::BinaryOp op, const Location& op_at, Expression* left, Expression* right,
                     const Location& where);
  Expression* ternary(const Location& where, Expression* condition, Expression* then_value,
                      Expression* else_value);
  Expression* member(const Location& where, Expression* object, const Word& field, bool arrow);
  Expression* index(const Location& where, Expression* object, Expression* at);
  Expression* cast(const Location& where, TypePointer type, Expression* value);
  Expression* size_of(const Location& where, Expression* value, TypePointer type);
  Expression* offset_of(const Location& where, Expression* value, TypePointer type,
                        std::vector<Word> path);
  Expression* type_argument(const Location& where, TypePointer type);
  Expression* tuple(const Location& where, Expressions elements);
  // `(first, rest...)`
  Expression* longer_tuple(const Location& where, Expression* first, Expressions rest);
  // `last` is null if the block ends with a ';' or '}': it has no value then. `brace` is its end, empty if the script
  // lacks it, which has been reported.
  Expression* block_expression(const Location& where, Statements statements, Statement* last,
                               const Location& brace);
  // `left = right` where a condition stands.
  Expression* assigning_condition(const Location& op_at, Expression* left, Expression* right,
                                  const Location& where);

  // --- statements ---
  Statement* expression_statement(Expression* value);
  Statement* assignment(const Location& where, Expression* target, const Location& op_at,
                        Expression* value);
  Statement* compound_assignment(const Location& where, Expression* target, ast::BinaryOp op,
                                 const Location& op_at, Expression* value);
  Statement* declaration(const Location& where, const Word& name, TypePointer type,
                         Expression* value);
  Statement* jump(const Location& where, ast::JumpKind kind, Expression* value);
  ast::Block* block(const Location& where, Statements statements, Statement* last);
  Statement* if_statement(const Location& where, Expression* condition, ast::Block* then_block,
                          Statement* else_block);
  Statement* while_loop(const Location& where, Expression* condition, ast::Block* body);
  Statement* unroll(const Location& where, Expression* count, ast::Block* body);
  Statement* for_loop(const Location& where, const ForHead& head, ast::Block* body);

 private:
  template <class Node, class... Args>
  Node* make(Args&&... args) {
    return program_.arena->make<Node>(std::forward<Args>(args)...);
  }
  // Sets the height of `node`; false (and one diagnostic) if the tree would grow too high.
  bool adopt(ast::Node& node, std::initializer_list<const ast::Node*> children);
  bool set_height(ast::Node& node, std::uint16_t below);
  // `node` itself, or a leaf in its place if it is too high.
  Expression* settle(Expression* node, std::initializer_list<const ast::Node*> children);
  Expression* settle(Expression* node, const Expressions& children);
  Statement* settle(Statement* node, std::initializer_list<const ast::Node*> children);
  Expression* leaf(const Location& where) {
    return make<ast::IntegerLiteral>(where, 0, std::string());
  }
  ast::ScratchVariable* scratch(const Word& word);
  bool check_assignable(const Expression& target);
  void report_not_assignable(const Expression& target);

  ast::Program& program_;
  diag::Emitter& emitter_;
  bool height_reported_ = false;
};

}  // namespace sonde::parser
