#include "ast/source_text.h"

#include <fmt/format.h>

#include "ast/visit.h"
#include "base/text.h"

namespace sonde::ast {
namespace {

// How tightly an expression holds together. Binary operators lie between Conditional and Prefix, see precedence().
constexpr int kConditional = 0;
constexpr int kPrefix = 100;
constexpr int kPostfix = 101;

class Writer {
 public:
  void program(const Program& program, bool expanded);
  [[nodiscard]] std::string take() { return std::move(out_); }

  // --- expressions; each handler prints the node without parentheses around it ---
  void operator()(IntegerLiteral& node) {
    out_ += node.text.empty() ? fmt::format("{}", node.value) : node.text;
  }
  void operator()(BoolLiteral& node) { out_ += node.value ? "true" : "false"; }
  void operator()(StringLiteral& node) { out_ += "\"" + escape(node.value) + "\""; }
  void operator()(Identifier& node) { out_ += node.name; }
  void operator()(PositionalParameter& node) {
    out_ += node.index == 0 ? "$#" : fmt::format("${}", node.index);
  }
  void operator()(ScratchVariable& node) {
    // A macro's own variable is none of the probe's, whatever its name.
    out_ += node.expansion == 0 ? node.name : fmt::format("{}__{}", node.name, node.expansion);
  }
  void operator()(MapAccess& node) {
    out_ += node.name;
    if (node.key == nullptr) return;
    // Two keys and more are one tuple; one of fewer elements is a key.
    const auto* keys = as<Tuple>(node.key);
    out_ += '[';
    if (keys != nullptr && keys->elements.size() > 1) {
      list(keys->elements);
    } else {
      value(*node.key);
    }
    out_ += ']';
  }
  void operator()(Call& node) {
    out_ += node.name + "(";
    list(node.arguments);
    out_ += ')';
  }
  void operator()(Unary& node);
  void operator()(Binary& node) {
    const int level = precedence(node.op);
    operand(*node.left, level);
    out_ += fmt::format(" {} ", spelling(node.op));
    operand(*node.right, level + 1);
  }
  void operator()(Ternary& node) {
    operand(*node.condition, kConditional + 1);
    out_ += " ?";
    if (node.then_value != nullptr) {
      out_ += ' ';
      operand(*node.then_value, kConditional);
      out_ += ' ';
    }
    out_ += ": ";
    operand(*node.else_value, kConditional);
  }
  void operator()(Member& node) {
    operand(*node.object, kPostfix);
    out_ += (node.arrow ? "->" : ".") + node.field;
  }
  void operator()(Index& node) {
    // `@m[1]` is an element of the map.
    const auto* map = as<MapAccess>(node.object);
    operand(*node.object, map != nullptr && map->key == nullptr ? kPostfix + 1 : kPostfix);
    out_ += '[';
    value(*node.index);
    out_ += ']';
  }
  void operator()(Cast& node) {
    out_ += '(';
    type(node.target);
    out_ += ')';
    // `(name) - x` would be a subtraction.
    operand(*node.value, node.value->kind == NodeKind::Unary ? kPostfix : kPrefix);
  }
  void operator()(SizeOf& node) {
    out_ += "sizeof(";
    type_or_value(node.value, node.type_name);
    out_ += ')';
  }
  void operator()(OffsetOf& node) {
    out_ += "offsetof(";
    type_or_value(node.value, node.type_name);
    out_ += ", ";
    for (std::size_t i = 0; i < node.path.size(); ++i) {
      const std::string& step = node.path[i];
      const bool is_element = step[0] >= '0' && step[0] <= '9';
      out_ += is_element ? fmt::format("[{}]", step) : fmt::format("{}{}", i > 0 ? "." : "", step);
    }
    out_ += ')';
  }
  void operator()(TypeArgument& node) { type(node.type_name); }
  void operator()(Tuple& node) {
    out_ += '(';
    list(node.elements);
    out_ += node.elements.size() == 1 ? ",)" : ")";
  }
  void operator()(BlockExpression& node) {
    out_ += "{ ";
    for (Statement* each : node.statements) statement(*each);
    operand(*node.value, kConditional);
    out_ += " }";
  }

  // --- statements; those that need a ';' print it. A probe is one line: at the beginning of another `end / 2` would be
  // the next probe. ---
  void operator()(ExpressionStatement& node) {
    operand(*node.value, kConditional);
    out_ += "; ";
  }
  void operator()(Assignment& node) {
    if (node.target == nullptr) {
      out_ += '_';
    } else {
      visit(*node.target, *this);
    }
    out_ += fmt::format(" {}= ", node.compound ? spelling(node.operation) : "");
    value(*node.value);
    out_ += "; ";
  }
  void operator()(Declaration& node) {
    out_ += "let ";
    (*this)(*node.target);
    if (node.type_name) {
      out_ += ": ";
      type(*node.type_name);
    }
    if (node.value != nullptr) {
      out_ += " = ";
      value(*node.value);
    }
    out_ += "; ";
  }
  void operator()(If& node) {
    head("if", *node.condition);
    visit(static_cast<Statement&>(*node.then_block), *this);
    if (node.else_block == nullptr) return;
    out_ += "else ";
    visit(*node.else_block, *this);
  }
  void operator()(While& node) {
    head("while", *node.condition);
    visit(static_cast<Statement&>(*node.body), *this);
  }
  void operator()(Unroll& node) {
    head("unroll", *node.count);
    visit(static_cast<Statement&>(*node.body), *this);
  }
  void operator()(ForRange& node) {
    out_ += "for (";
    (*this)(*node.variable);
    out_ += " : ";
    operand(*node.start, kPrefix);
    out_ += "..";
    operand(*node.end, kPrefix);
    out_ += ") ";
    visit(static_cast<Statement&>(*node.body), *this);
  }
  void operator()(ForMap& node) {
    out_ += "for (";
    (*this)(*node.variable);
    out_ += " : ";
    visit(static_cast<Expression&>(*node.map), *this);
    out_ += ") ";
    visit(static_cast<Statement&>(*node.body), *this);
  }
  void operator()(Jump& node) {
    static constexpr std::string_view kNames[] = {"break", "continue", "return"};
    out_ += kNames[static_cast<std::size_t>(node.jump)];
    if (node.value != nullptr) {
      out_ += ' ';
      value(*node.value);
    }
    out_ += "; ";
  }
  void operator()(Block& node) {
    out_ += "{ ";
    for (Statement* each : node.statements) statement(*each);
    out_ += "} ";
  }

 private:
  void macro(const Macro& macro);
  void statement(Statement& node) { visit(node, *this); }
  void head(std::string_view keyword, Expression& condition) {
    out_ += fmt::format("{} (", keyword);
    value(condition);
    out_ += ") ";
  }
  // Where any expression may stand.
  void value(Expression& node) { visit(node, *this); }
  void list(const std::vector<Expression*>& elements) {
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (i > 0) out_ += ", ";
      value(*elements[i]);
    }
  }
  // An expression that must hold together at least as tightly as `level`.
  void operand(Expression& node, int level);
  void type(const TypeName& type);
  void type_or_value(Expression* expression, const TypeName& name) {
    if (expression != nullptr) {
      value(*expression);
    } else {
      type(name);
    }
  }

  std::string out_;
};

int level_of(const Expression& node) {
  switch (node.kind) {
    case NodeKind::Ternary: return kConditional;
    case NodeKind::Binary: return precedence(as<Binary>(&node)->op);
    case NodeKind::Cast: return kPrefix;
    case NodeKind::Unary: {
      const UnaryOp op = as<Unary>(&node)->op;
      return op == UnaryOp::PostIncrement || op == UnaryOp::PostDecrement ? kPostfix : kPrefix;
    }
    default: return kPostfix;
  }
}

void Writer::operand(Expression& node, int level) {
  // A '{' at the beginning of a statement, or behind a '/' of a predicate, is not a value.
  const bool in_parentheses = level_of(node) < level || node.kind == NodeKind::BlockExpression;
  if (in_parentheses) out_ += '(';
  visit(node, *this);
  if (in_parentheses) out_ += ')';
}

void Writer::operator()(Unary& node) {
  if (level_of(node) == kPostfix) {
    operand(*node.operand, kPostfix);
    out_ += spelling(node.op);
    return;
  }
  const std::string_view text = spelling(node.op);
  out_ += text;
  // `- -1`, `& &x`: two signs are another operator.
  const auto* inner = as<Unary>(node.operand);
  if (inner != nullptr && level_of(*inner) == kPrefix && spelling(inner->op).front() == text.back())
    out_ += ' ';
  operand(*node.operand, kPrefix);
}

void Writer::type(const TypeName& type) {
  static constexpr std::string_view kKeywords[] = {"", "struct ", "union ", "enum "};
  out_ += kKeywords[static_cast<std::size_t>(type.keyword)];
  out_ += type.name;
  if (type.of != nullptr) {
    out_ += "typeof(";
    value(*type.of);
    out_ += ')';
  }
  if (type.pointers > 0) out_ += " " + std::string(type.pointers, '*');
  for (const std::uint32_t dimension : type.dimensions) {
    out_ += dimension == 0 ? "[]" : fmt::format("[{}]", dimension);
  }
}

// As a string any value means the same; numbers and truth values look better without quotes.
bool is_bare(std::string_view value) {
  const auto number = parse_u64(value.starts_with('-') ? value.substr(1) : value);
  return value == "true" || value == "false" ||
         (number && value.substr(value.starts_with('-') ? 1 : 0) == fmt::format("{}", *number));
}

void Writer::macro(const Macro& macro) {
  out_ += "macro " + macro.name + "(";
  for (std::size_t i = 0; i < macro.parameters.size(); ++i) {
    out_ += (i > 0 ? ", " : "") + macro.parameters[i].name;
  }
  out_ += ") { ";
  for (Statement* each : macro.body->statements) statement(*each);
  if (macro.value != nullptr) operand(*macro.value, kConditional);
  out_ += " }\n";
}

void Writer::program(const Program& program, bool expanded) {
  const auto& [arena, imports, config, maps, macros, c_parts, c_files, probes] = program;
  for (const Import& import : imports) {
    if (!expanded) out_ += "import \"" + escape(import.path) + "\";\n";
  }
  for (const CFile& file : c_files) {
    if (expanded) out_ += "import \"" + escape(file.path) + "\";\n";
  }
  if (!config.empty()) {
    out_ += "config = {\n";
    for (const ConfigEntry& entry : config) {
      out_ += is_bare(entry.value) ? fmt::format("{} = {};\n", entry.name, entry.value)
                                   : fmt::format("{} = \"{}\"; ", entry.name, escape(entry.value));
    }
    out_ += "}\n";
  }
  for (const MapDeclaration& map : maps) {
    out_ += fmt::format("let {} = {}({});\n", map.name, map.type_name, map.entries);
  }
  for (const CPart& part : c_parts) out_ += part.text + '\n';
  for (const Macro& each : macros) {
    if (!expanded) macro(each);
  }
  for (const Probe& probe : probes) {
    for (std::size_t i = 0; i < probe.attach_points.size(); ++i) {
      if (i > 0) out_ += ",\n";
      out_ += probe.attach_points[i].text;
    }
    if (probe.predicate != nullptr) {
      out_ += " /";
      operand(*probe.predicate, kConditional);
      out_ += '/';
    }
    out_ += ' ';
    visit(static_cast<Statement&>(*probe.body), *this);
    out_ += '\n';
  }
}

}  // namespace

std::string source_text(const Program& program) {
  Writer writer;
  writer.program(program, false);
  return writer.take();
}

std::string expanded_source_text(const Program& program) {
  Writer writer;
  writer.program(program, true);
  return writer.take();
}

}  // namespace sonde::ast
