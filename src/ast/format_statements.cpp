#include "ast/formatter.h"
#include "ast/visit.h"

namespace sonde::ast {

// A statement and its ';', but for the last of a block, which may have none.
void Formatter::statement(Statement& node) {
  visit(node, *this);
  semicolons();
}

// More than one of them is an empty statement, which stays where it is.
void Formatter::semicolons() {
  while (out_.peek() == ";") out_.take(Gap::None);
}

// Those at the beginning of a block.
void Formatter::empty_statements(Gap between) {
  if (out_.peek() != ";") return;
  out_.take();
  semicolons();
  out_.gap(between);
}

// '{', the statements on lines of their own, '}'.
void Formatter::block(Block& node) {
  out_.take();
  if (out_.peek() == "}" && !out_.has_comments()) {
    out_.take();
    return;
  }
  out_.open_inside(Indent::Block);
  out_.gap(Gap::First);
  empty_statements(Gap::Next);
  for (Statement* each : node.statements) {
    statement(*each);
    out_.gap(Gap::Next);
  }
  out_.comments(true);
  out_.close();
  out_.take(Gap::Line);
}

void Formatter::condition(Expression& node, Gap before) {
  out_.open(Indent::Further);
  out_.take();
  out_.take(before);
  out_.open(Indent::Bracket);
  expression(node);
  out_.take();
  out_.close();
  out_.close();
  out_.gap(Gap::Space);
}

void Formatter::operator()(ExpressionStatement& node) {
  out_.open(Indent::Further);
  expression(*node.value);
  out_.close();
}

void Formatter::operator()(Assignment& node) {
  out_.open(Indent::Further);
  if (node.target == nullptr) {
    out_.take();
  } else {
    expression(*node.target);
  }
  out_.take(Gap::Space);
  expression(*node.value, Gap::Tight);
  out_.close();
}

void Formatter::operator()(Declaration& node) {
  out_.open(Indent::Further);
  out_.take();
  out_.take(Gap::Space);
  if (node.type_name) {
    out_.take();
    type(*node.type_name, Gap::Space);
  }
  if (node.value != nullptr) {
    out_.take(Gap::Space);
    expression(*node.value, Gap::Tight);
  }
  out_.close();
}

void Formatter::operator()(If& node) {
  condition(*node.condition, Gap::Space);
  block(*node.then_block);
  if (node.else_block == nullptr) return;
  out_.take(Gap::Space);
  out_.gap(Gap::Space);
  visit(*node.else_block, *this);
}

void Formatter::operator()(While& node) {
  condition(*node.condition, Gap::Space);
  block(*node.body);
}

void Formatter::operator()(Unroll& node) {
  condition(*node.count, Gap::None);
  block(*node.body);
}

void Formatter::for_head(Expression& first, Expression* end) {
  out_.open(Indent::Further);
  out_.take();
  out_.gap(Gap::Space);
  const bool in_parentheses = out_.peek() == "(";
  if (in_parentheses) {
    out_.take();
    out_.open(Indent::Bracket);
  }
  out_.take();
  out_.take(Gap::Space);
  expression(first, Gap::Tight);
  if (end != nullptr) {
    out_.take();
    expression(*end);
  }
  if (in_parentheses) {
    out_.take();
    out_.close();
  }
  out_.close();
  out_.gap(Gap::Space);
}

void Formatter::operator()(ForRange& node) {
  for_head(*node.start, node.end);
  block(*node.body);
}

void Formatter::operator()(ForMap& node) {
  for_head(*node.map, nullptr);
  block(*node.body);
}

void Formatter::operator()(Jump& node) {
  out_.open(Indent::Further);
  out_.take();
  if (node.value != nullptr) expression(*node.value, Gap::Space);
  out_.close();
}

void Formatter::operator()(Block& node) { block(node); }

}  // namespace sonde::ast
