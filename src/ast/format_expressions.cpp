#include "ast/formatter.h"
#include "ast/visit.h"

namespace sonde::ast {

// A '(' before the first token of a node is not a part of it.
void Formatter::expression(Expression& node) {
  std::size_t parentheses = 0;
  while (out_.peek() == "(" && out_.position() < node.location.begin) {
    out_.take();
    out_.open(Indent::Bracket);
    ++parentheses;
  }
  visit(node, *this);
  for (; parentheses > 0; --parentheses) {
    out_.take();
    out_.close();
  }
}

void Formatter::list(const std::vector<Expression*>& elements) {
  Gap before = Gap::None;
  for (Expression* element : elements) {
    expression(*element, before);
    if (out_.peek() == ",") out_.take();
    before = Gap::Fill;
  }
  out_.gap(Gap::None);
}

void Formatter::type(const TypeName& type, Gap before) {
  while (!out_.at_end() && out_.position() < type.location.end) {
    const std::string_view token = out_.peek();
    if (token == "typeof") {
      out_.take(before);
      out_.take(Gap::None);
      before = Gap::None;
      if (type.of != nullptr && out_.peek() != "typeof") expression(*type.of, Gap::None);
      continue;
    }
    const bool is_bracket = token == "[" || token == "]" || token == ")";
    out_.take(is_bracket ? Gap::None : before);
    before = token == "*" || token == "[" ? Gap::None : Gap::Space;
  }
}

void Formatter::operator()(MapAccess& node) {
  out_.take();
  if (node.key == nullptr) return;
  out_.take();
  out_.open(Indent::Bracket);
  auto* keys = as<Tuple>(node.key);
  // `@m[(1, 2)]` is one key, `@m[1, 2]` are two without parentheses of their own.
  const bool is_one = keys == nullptr || out_.position() < keys->location.begin ||
                      out_.matching_end() == keys->location.end;
  if (is_one) {
    expression(*node.key);
  } else {
    list(keys->elements);
  }
  out_.take();
  out_.close();
}

void Formatter::operator()(Call& node) {
  out_.take();
  out_.take();
  out_.open(Indent::Bracket);
  list(node.arguments);
  out_.take();
  out_.close();
}

void Formatter::operator()(Unary& node) {
  const bool postfix = node.op == UnaryOp::PostIncrement || node.op == UnaryOp::PostDecrement;
  if (postfix) {
    expression(*node.operand);
    out_.take();
  } else {
    out_.take();
    expression(*node.operand);
  }
}

void Formatter::operator()(Binary& node) {
  out_.open(Indent::Align);
  chain(node);
  out_.close();
}

namespace {

// `a + b - c` is one chain, `a + b * c` is not.
bool continues_chain(const Binary& node, const Expression& left) {
  const auto* inner = as<Binary>(&left);
  return inner != nullptr && precedence(inner->op) == precedence(node.op);
}

}  // namespace

void Formatter::chain(Binary& node) {
  const bool in_parentheses = out_.position() < node.left->location.begin;
  if (!in_parentheses && continues_chain(node, *node.left)) {
    chain(*as<Binary>(node.left));
  } else {
    expression(*node.left);
  }
  out_.take(Gap::Space);
  expression(*node.right, Gap::Fill);
}

void Formatter::operator()(Ternary& node) {
  out_.open(Indent::Align);
  ternary_parts(node);
  out_.close();
}

void Formatter::ternary_parts(Ternary& node) {
  expression(*node.condition);
  out_.take(Gap::Consistent);
  if (node.then_value != nullptr) {
    expression(*node.then_value, Gap::Space);
    out_.gap(Gap::Consistent);
  }
  out_.take();
  auto* further = as<Ternary>(node.else_value);
  out_.gap(Gap::Space);
  if (further != nullptr && out_.position() == further->location.begin && out_.peek() != "(") {
    ternary_parts(*further);
  } else {
    expression(*node.else_value, Gap::Space);
  }
}

void Formatter::operator()(Member& node) {
  expression(*node.object);
  out_.take();
  out_.take();
}

void Formatter::operator()(Index& node) {
  expression(*node.object);
  out_.take();
  out_.open(Indent::Bracket);
  expression(*node.index);
  out_.take();
  out_.close();
}

void Formatter::operator()(Cast& node) {
  out_.take();
  type(node.target);
  out_.take(Gap::None);
  expression(*node.value);
}

// `sizeof(x` and what follows x; the bracket stays open.
void Formatter::of_value_or_type(Expression* value, TypeName& name) {
  out_.take();
  out_.take();
  out_.open(Indent::Bracket);
  if (value != nullptr) {
    expression(*value);
  } else {
    type(name);
  }
  out_.take(Gap::None);
}

void Formatter::operator()(SizeOf& node) {
  of_value_or_type(node.value, node.type_name);
  out_.close();
}

void Formatter::operator()(OffsetOf& node) {
  of_value_or_type(node.value, node.type_name);
  out_.gap(Gap::Fill);
  while (!out_.at_end() && out_.position() < node.path_location.end) out_.take();
  out_.take();
  out_.close();
}

void Formatter::operator()(TypeArgument& node) {
  out_.take();
  type(node.type_name, Gap::Space);
}

void Formatter::operator()(Tuple& node) {
  out_.take();
  out_.open(Indent::Bracket);
  list(node.elements);
  out_.take();
  out_.close();
}

void Formatter::operator()(BlockExpression& node) {
  value_block(node.statements, *node.value, Gap::Consistent);
}

void Formatter::value_block(const std::vector<Statement*>& statements, Expression& value,
                            TokenWriter::Gap between) {
  const bool on_lines = between != Gap::Consistent;
  const Gap next = on_lines ? Gap::Next : between;
  out_.open(Indent::Base);
  out_.take();
  out_.open_inside(Indent::Block);
  out_.gap(on_lines ? Gap::First : between);
  empty_statements(next);
  for (Statement* each : statements) {
    statement(*each);
    out_.gap(next);
  }
  expression(value, statements.empty() && on_lines ? Gap::First : next);
  out_.gap(between);
  out_.comments(true);
  out_.close();
  out_.take();
  out_.close();
}

}  // namespace sonde::ast
