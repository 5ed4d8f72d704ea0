#include "ast/walk.h"

#include "ast/visit.h"

namespace sonde::ast {
namespace {

// Hands the non-null children of a node to `slot`, by the pointer that holds them, and those that nothing may replace (targets of
// assignments, variables and bodies of loops, statements) to `fixed`.
template <class Slot, class Fixed>
struct Children {
  const Slot& slot;
  const Fixed& fixed;

  void one(Expression*& held) const {
    if (held != nullptr) slot(held);
  }
  void one(Node* child) const {
    if (child != nullptr) fixed(*child);
  }
  template <class... Held>
  void all(Held&... held) const {
    (one(held), ...);
  }
  template <class T>
  void list(std::vector<T*>& children) const {
    for (T*& child : children) one(child);
  }

  void operator()(IntegerLiteral&) const {}
  void operator()(BoolLiteral&) const {}
  void operator()(StringLiteral&) const {}
  void operator()(Identifier&) const {}
  void operator()(PositionalParameter&) const {}
  void operator()(ScratchVariable&) const {}
  void operator()(MapAccess& n) const { all(n.key); }
  void operator()(Call& n) const { list(n.arguments); }
  void operator()(Unary& n) const { all(n.operand); }
  void operator()(Binary& n) const { all(n.left, n.right); }
  void operator()(Ternary& n) const { all(n.condition, n.then_value, n.else_value); }
  void operator()(Member& n) const { all(n.object); }
  void operator()(Index& n) const { all(n.object, n.index); }
  void operator()(Cast& n) const { all(n.target.of, n.value); }
  void operator()(SizeOf& n) const { all(n.type_name.of, n.value); }
  void operator()(OffsetOf& n) const { all(n.type_name.of, n.value); }
  void operator()(TypeArgument& n) const { all(n.type_name.of); }
  void operator()(Tuple& n) const { list(n.elements); }
  void operator()(BlockExpression& n) const {
    list(n.statements);
    all(n.value);
  }
  void operator()(ExpressionStatement& n) const { all(n.value); }
  void operator()(Assignment& n) const {
    one(static_cast<Node*>(n.target));
    one(n.value);
  }
  void operator()(Declaration& n) const {
    if (n.type_name) all(n.type_name->of);
    all(n.target, n.value);
  }
  void operator()(If& n) const { all(n.condition, n.then_block, n.else_block); }
  void operator()(While& n) const { all(n.condition, n.body); }
  void operator()(Unroll& n) const { all(n.count, n.body); }
  void operator()(ForRange& n) const { all(n.variable, n.start, n.end, n.body); }
  void operator()(ForMap& n) const { all(n.variable, n.map, n.body); }
  void operator()(Jump& n) const { all(n.value); }
  void operator()(Block& n) const { list(n.statements); }
};

}  // namespace

bool is_statement(NodeKind kind) {
  switch (kind) {
#define SONDE_EXPRESSION(Class)
#define SONDE_STATEMENT(Class) case NodeKind::Class:
#include "ast/nodes.def"
    return true;
    default: return false;
  }
}

namespace {

template <class Slot, class Fixed>
void for_each_place(Node& node, const Slot& slot, const Fixed& fixed) {
  const Children<Slot, Fixed> children{slot, fixed};
  if (is_statement(node.kind)) {
    visit(static_cast<Statement&>(node), children);
  } else {
    visit(static_cast<Expression&>(node), children);
  }
}

}  // namespace

void for_each_child(Node& node, const std::function<void(Node&)>& fn) {
  for_each_place(node, [&](Expression*& held) { fn(*held); }, fn);
}

void walk(Node& node, const std::function<void(Node&)>& fn) {
  fn(node);
  for_each_child(node, [&](Node& child) { walk(child, fn); });
}

void walk(const Probe& probe, const std::function<void(Node&)>& fn) {
  if (probe.predicate != nullptr) walk(*probe.predicate, fn);
  if (probe.body != nullptr) walk(*probe.body, fn);
}

void rewrite(Node& node, const Rewrite& fn) {
  for_each_place(
      node,
      [&](Expression*& held) {
        rewrite(*held, fn);
        held = fn(*held);
      },
      [&](Node& fixed) { rewrite(fixed, fn); });
}

void rewrite(Probe& probe, const Rewrite& fn) {
  if (probe.predicate != nullptr) {
    rewrite(*probe.predicate, fn);
    probe.predicate = fn(*probe.predicate);
  }
  if (probe.body != nullptr) rewrite(*probe.body, fn);
}

void for_each_type_name(Node& node, const std::function<void(TypeName&)>& fn) {
  if (auto* cast = as<Cast>(&node)) fn(cast->target);
  if (auto* size = as<SizeOf>(&node); size && size->value == nullptr) fn(size->type_name);
  if (auto* offset = as<OffsetOf>(&node); offset && offset->value == nullptr) fn(offset->type_name);
  if (auto* argument = as<TypeArgument>(&node)) fn(argument->type_name);
  if (auto* let = as<Declaration>(&node); let && let->type_name) fn(*let->type_name);
}

bool mentions(const Probe& probe, std::string_view name) {
  bool found = false;
  const auto look = [&](Node& node) {
    if (const auto* identifier = as<Identifier>(&node)) found = found || identifier->name == name;
    if (const auto* call = as<Call>(&node)) found = found || call->name == name;
  };
  walk(probe, look);
  return found;
}

}  // namespace sonde::ast
