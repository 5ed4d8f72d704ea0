// One handler a node: which of its tokens belong together and where a line may end. Tokens are printed as they come, so
// that what a handler does not know of is still printed.
#pragma once

#include "ast/ast.h"
#include "ast/layout.h"
#include "ast/token_writer.h"

namespace sonde::ast {

class Formatter {
 public:
  Formatter(std::string_view text, std::span<const Location> tokens);

  [[nodiscard]] std::string program(const Program& program);

  // --- expressions ---
  void operator()(IntegerLiteral& node) {
    out_.take();
    if (node.fraction.empty()) return;
    out_.take();
    out_.take();
  }
  void operator()(BoolLiteral&) { out_.take(); }
  void operator()(StringLiteral&) { out_.take(); }
  void operator()(Identifier&) { out_.take(); }
  void operator()(PositionalParameter&) { out_.take(); }
  void operator()(ScratchVariable&) { out_.take(); }
  void operator()(MapAccess& node);
  void operator()(Call& node);
  void operator()(Unary& node);
  void operator()(Binary& node);
  void operator()(Ternary& node);
  void operator()(Member& node);
  void operator()(Index& node);
  void operator()(Cast& node);
  void operator()(SizeOf& node);
  void operator()(OffsetOf& node);
  void operator()(TypeArgument& node);
  void operator()(Tuple& node);
  void operator()(BlockExpression& node);

  // --- statements ---
  void operator()(ExpressionStatement& node);
  void operator()(Assignment& node);
  void operator()(Declaration& node);
  void operator()(If& node);
  void operator()(While& node);
  void operator()(Unroll& node);
  void operator()(ForRange& node);
  void operator()(ForMap& node);
  void operator()(Jump& node);
  void operator()(Block& node);

 private:
  using Gap = TokenWriter::Gap;
  using Indent = Layout::Indent;

  // --- format.cpp: top level ---
  void probe(const Probe& probe);
  void macro(const Macro& macro);
  void config();
  void line();

  // --- format_expressions.cpp ---
  // An expression with the parentheses around it.
  void expression(Expression& node);
  void expression(Expression& node, Gap before) {
    out_.gap(before);
    expression(node);
  }
  void list(const std::vector<Expression*>& elements);
  // Statements and a value in braces; `between`: what separates them.
  void value_block(const std::vector<Statement*>& statements, Expression& value,
                   TokenWriter::Gap between);
  void type(const TypeName& type, Gap before = Gap::None);
  void of_value_or_type(Expression* value, TypeName& name);
  void chain(Binary& node);
  void ternary_parts(Ternary& node);

  // --- format_statements.cpp ---
  void statement(Statement& node);
  void semicolons();
  void empty_statements(Gap between);
  void block(Block& node);
  // A keyword and the expression in parentheses behind it.
  void condition(Expression& node, Gap before);
  void for_head(Expression& first, Expression* end);

  Layout layout_;
  TokenWriter out_;
};

}  // namespace sonde::ast
