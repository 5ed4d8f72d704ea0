// rewrite(): the pointers that hold expressions, node by node.
#include "ast/visit.h"
#include "ast/walk.h"

namespace sonde::ast {
namespace {

struct Rewriter {
  const Rewrite& fn;

  void slot(Expression*& held) const {
    if (held == nullptr) return;
    visit(*held, *this);
    held = fn(*held);
  }
  void slots(std::vector<Expression*>& held) const {
    for (Expression*& each : held) slot(each);
  }
  void statement(Statement* node) const {
    if (node != nullptr) visit(*node, *this);
  }
  void statements(const std::vector<Statement*>& nodes) const {
    for (Statement* node : nodes) statement(node);
  }

  void operator()(IntegerLiteral&) const {}
  void operator()(BoolLiteral&) const {}
  void operator()(StringLiteral&) const {}
  void operator()(Identifier&) const {}
  void operator()(PositionalParameter&) const {}
  void operator()(ScratchVariable&) const {}
  void operator()(MapAccess& n) const { slot(n.key); }
  void operator()(Call& n) const { slots(n.arguments); }
  void operator()(Unary& n) const { slot(n.operand); }
  void operator()(Binary& n) const {
    slot(n.left);
    slot(n.right);
  }
  void operator()(Ternary& n) const {
    slot(n.condition);
    slot(n.then_value);
    slot(n.else_value);
  }
  void operator()(Member& n) const { slot(n.object); }
  void operator()(Index& n) const {
    slot(n.object);
    slot(n.index);
  }
  void operator()(Cast& n) const {
    slot(n.target.of);
    slot(n.value);
  }
  void operator()(SizeOf& n) const {
    slot(n.type_name.of);
    slot(n.value);
  }
  void operator()(OffsetOf& n) const {
    slot(n.type_name.of);
    slot(n.value);
  }
  void operator()(TypeArgument& n) const { slot(n.type_name.of); }
  void operator()(Tuple& n) const { slots(n.elements); }
  void operator()(BlockExpression& n) const {
    statements(n.statements);
    slot(n.value);
  }
  void operator()(ExpressionStatement& n) const { slot(n.value); }
  void operator()(Assignment& n) const {
    if (n.target != nullptr) visit(*n.target, *this);
    slot(n.value);
  }
  void operator()(Declaration& n) const {
    if (n.type_name) slot(n.type_name->of);
    slot(n.value);
  }
  void operator()(If& n) const {
    slot(n.condition);
    statement(n.then_block);
    statement(n.else_block);
  }
  void operator()(While& n) const {
    slot(n.condition);
    statement(n.body);
  }
  void operator()(Unroll& n) const {
    slot(n.count);
    statement(n.body);
  }
  void operator()(ForRange& n) const {
    slot(n.start);
    slot(n.end);
    statement(n.body);
  }
  void operator()(ForMap& n) const {
    visit(static_cast<Expression&>(*n.map), *this);
    statement(n.body);
  }
  void operator()(Jump& n) const { slot(n.value); }
  void operator()(Block& n) const { statements(n.statements); }
};

}  // namespace

void rewrite(Node& node, const Rewrite& fn) {
  if (is_statement(node.kind)) {
    visit(static_cast<Statement&>(node), Rewriter{fn});
  } else {
    visit(static_cast<Expression&>(node), Rewriter{fn});
  }
}

void rewrite(Probe& probe, const Rewrite& fn) {
  Rewriter{fn}.slot(probe.predicate);
  Rewriter{fn}.statement(probe.body);
}

}  // namespace sonde::ast
