#include "ast/printer.h"

#include <fmt/format.h>

#include "ast/visit.h"
#include "base/c_text.h"
#include "base/text.h"

namespace sonde::ast {
namespace {

std::string describe(const TypeName& type) {
  static constexpr std::string_view kKeywords[] = {"", "struct ", "union ", "enum "};
  std::string text(kKeywords[static_cast<std::size_t>(type.keyword)]);
  text += type.name;
  if (type.of != nullptr) text += "typeof";
  if (type.pointers > 0) text += " " + std::string(type.pointers, '*');
  for (const std::uint32_t dimension : type.dimensions) {
    text += dimension == 0 ? "[]" : fmt::format("[{}]", dimension);
  }
  return text;
}

// One handler a node. Each writes its line and then its children, one level deeper.
class Printer {
 public:
  Printer(const PrintOptions& options, std::string& out) : options_(options), out_(out) {}

  void program(const Program& program);

  // --- expressions ---
  void operator()(IntegerLiteral& node) {
    const std::string value = fmt::format("{}", node.value);
    line(node, node.text.empty() || node.text == value
                   ? "int " + value
                   : fmt::format("int {} ({})", value, node.text));
  }
  void operator()(BoolLiteral& node) { line(node, node.value ? "bool true" : "bool false"); }
  void operator()(StringLiteral& node) { line(node, "string \"" + escape(node.value) + "\""); }
  void operator()(Identifier& node) { line(node, "identifier " + node.name); }
  void operator()(PositionalParameter& node) {
    line(node, node.index == 0 ? "parameter $#" : fmt::format("parameter ${}", node.index));
  }
  void operator()(ScratchVariable& node) { line(node, "variable " + node.name); }
  void operator()(MapAccess& node) { line(node, "map " + node.name, node.key); }
  void operator()(Call& node) {
    line(node, "call " + node.name);
    children(node.arguments);
  }
  void operator()(Unary& node) {
    const bool postfix = node.op == UnaryOp::PostIncrement || node.op == UnaryOp::PostDecrement;
    line(node, fmt::format("{} {}", postfix ? "postfix" : "unary", spelling(node.op)),
         node.operand);
  }
  void operator()(Binary& node) {
    line(node, fmt::format("binary {}", spelling(node.op)), node.left, node.right);
  }
  void operator()(Ternary& node) {
    line(node, node.then_value != nullptr ? "ternary ?:" : "ternary ?: without second value",
         node.condition, node.then_value, node.else_value);
  }
  void operator()(Member& node) {
    line(node, (node.arrow ? "member ->" : "member .") + node.field, node.object);
  }
  void operator()(Index& node) { line(node, "index", node.object, node.index); }
  void operator()(Cast& node) {
    line(node, "cast " + describe(node.target), node.target.of, node.value);
  }
  void operator()(SizeOf& node) {
    line(node, node.value != nullptr ? "sizeof" : "sizeof " + describe(node.type_name),
         node.type_name.of, node.value);
  }
  void operator()(OffsetOf& node) {
    std::string text = node.value != nullptr ? "offsetof" : "offsetof " + describe(node.type_name);
    for (const std::string& field : node.path) text += " ." + field;
    line(node, text, node.type_name.of, node.value);
  }
  void operator()(TypeArgument& node) {
    line(node, "type " + describe(node.type_name), node.type_name.of);
  }
  void operator()(Tuple& node) {
    line(node, "tuple");
    children(node.elements);
  }
  void operator()(BlockExpression& node) {
    line(node, "block value");
    children(node.statements);
    child(node.value);
  }

  // --- statements ---
  // The expression stands for itself.
  void operator()(ExpressionStatement& node) { visit(*node.value, *this); }
  void operator()(Assignment& node) {
    const std::string text =
        node.compound ? fmt::format("assign {}=", spelling(node.operation)) : "assign =";
    line(node.target == nullptr ? "discard" : text);
    child(node.target);
    child(node.value);
  }
  void operator()(Declaration& node) {
    std::string text = "let " + node.target->name;
    if (node.type_name) text += ": " + describe(*node.type_name);
    line(text);
    if (node.type_name) child(node.type_name->of);
    child(node.value);
  }
  void operator()(If& node) {
    line("if");
    child(node.condition);
    part("then", *node.then_block);
    if (node.else_block != nullptr) part("else", *node.else_block);
  }
  void operator()(While& node) {
    line("while");
    child(node.condition);
    part("do", *node.body);
  }
  void operator()(Unroll& node) {
    line("unroll");
    child(node.count);
    part("do", *node.body);
  }
  void operator()(ForRange& node) {
    line("for " + node.variable->name + " in range");
    child(node.start);
    child(node.end);
    part("do", *node.body);
  }
  void operator()(ForMap& node) {
    line("for " + node.variable->name + " in");
    child(node.map);
    part("do", *node.body);
  }
  void operator()(Jump& node) {
    static constexpr std::string_view kNames[] = {"break", "continue", "return"};
    line(kNames[static_cast<std::size_t>(node.jump)]);
    child(node.value);
  }
  void operator()(Block& node) {
    line("block");
    children(node.statements);
  }

 private:
  void line(std::string_view text) {
    out_.append(depth_ * 2, ' ');
    out_ += text;
    out_ += '\n';
  }
  template <class... Children>
  void line(const Expression& node, const std::string& text, Children*... nodes) {
    const bool typed = options_.types && node.type != nullptr;
    line(typed ? text + " :: " + node.type->name() : text);
    (child(nodes), ...);
  }
  template <class Node>
  void child(Node* node) {
    if (node == nullptr) return;
    ++depth_;
    visit(*node, *this);
    --depth_;
  }
  template <class Node>
  void children(const std::vector<Node*>& nodes) {
    for (Node* node : nodes) child(node);
  }
  // The statements of a block under a heading, or an `else if` as a whole.
  void part(std::string_view name, Statement& body) {
    ++depth_;
    line(name);
    if (auto* block = as<Block>(&body)) {
      children(block->statements);
    } else {
      child(&body);
    }
    --depth_;
  }
  void macro(const Macro& macro);
  void probe(const Probe& probe);

  const PrintOptions& options_;
  std::string& out_;
  std::size_t depth_ = 0;
};

void Printer::macro(const Macro& macro) {
  std::string text;
  for (const MacroParameter& parameter : macro.parameters) {
    if (!text.empty()) text += ", ";
    if (parameter.kind == MacroParameter::Kind::Type) text += "type ";
    text += parameter.name;
  }
  line(fmt::format("macro {}({})", macro.name, text));
  part("do", *macro.body);
  if (macro.value == nullptr) return;
  ++depth_;
  line("value");
  child(macro.value);
  --depth_;
}

void Printer::probe(const Probe& probe) {
  line("probe");
  ++depth_;
  for (const AttachPoint& point : probe.attach_points) {
    std::string text = "at " + point.provider;
    for (const AttachPoint::Piece& piece : point.pieces) text += " : " + piece.text;
    line(text);
  }
  if (probe.predicate != nullptr) {
    line("predicate");
    child(probe.predicate);
  }
  --depth_;
  if (probe.body != nullptr) part("do", *probe.body);
}

// On one line, with single spaces where there is anything between two tokens.
std::string one_line(std::string_view text) {
  std::string out;
  std::size_t end = 0;
  for (const CToken& token : c_tokens(text)) {
    if (token.offset > end && end > 0) out += ' ';
    out += token.text;
    end = token.offset + token.text.size();
  }
  return out;
}

void Printer::program(const Program& program) {
  for (const Import& import : program.imports) line("import \"" + escape(import.path) + "\"");
  for (const ConfigEntry& entry : program.config)
    line("config " + entry.name + " = " + escape(entry.value));
  for (const MapDeclaration& map : program.maps) {
    line(fmt::format("let {} = {}({})", map.name, map.type_name, map.entries));
  }
  for (const CPart& part : program.c_parts) line("c " + one_line(part.text));
  // With types the probes hold what the macros stand for.
  if (!options_.types) {
    for (const Macro& each : program.macros) macro(each);
  }
  for (const Probe& each : program.probes) probe(each);
}

}  // namespace

std::string print(const Program& program, const PrintOptions& options) {
  std::string out;
  Printer(options, out).program(program);
  return out;
}

}  // namespace sonde::ast
