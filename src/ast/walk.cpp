#include "ast/walk.h"

#include "ast/visit.h"

namespace sonde::ast {
namespace {

using Callback = std::function<void(Node&)>;

// Hands the non-null of `children` to the callback.
struct Children {
  const Callback& fn;

  void all() const {}
  template <class... Rest>
  void all(Node* child, Rest... rest) const {
    if (child != nullptr) fn(*child);
    all(rest...);
  }
  template <class T>
  void list(const std::vector<T*>& children) const {
    for (T* child : children) all(child);
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
  void operator()(Assignment& n) const { all(n.target, n.value); }
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

void for_each_child(Node& node, const Callback& fn) {
  if (is_statement(node.kind)) {
    visit(static_cast<Statement&>(node), Children{fn});
  } else {
    visit(static_cast<Expression&>(node), Children{fn});
  }
}

void walk(Node& node, const Callback& fn) {
  fn(node);
  for_each_child(node, [&](Node& child) { walk(child, fn); });
}

void walk(Probe& probe, const Callback& fn) {
  if (probe.predicate != nullptr) walk(*probe.predicate, fn);
  if (probe.body != nullptr) walk(*probe.body, fn);
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
  if (probe.predicate != nullptr) walk(*probe.predicate, look);
  if (probe.body != nullptr) walk(*probe.body, look);
  return found;
}

}  // namespace sonde::ast
