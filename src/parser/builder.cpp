// Top level, types and expressions; statements are in builder_statements.cpp.
#include "parser/builder.h"

#include <algorithm>
#include <limits>

#include "parser/attach_point.h"

namespace sonde::parser {

namespace kinds = diag::kinds;

// --- heights ---

bool Builder::set_height(ast::Node& node, std::uint16_t below) {
  if (below < kMaxHeight) {
    node.height = static_cast<std::uint16_t>(below + 1);
    return true;
  }
  if (!height_reported_) {
    emitter_.emit(kinds::SyntaxError, node.location, "this is nested too deeply")
        .hint(fmt::format("at most {} levels are possible; split it with a variable", kMaxHeight));
  }
  height_reported_ = true;
  return false;
}

bool Builder::adopt(ast::Node& node, std::initializer_list<const ast::Node*> children) {
  std::uint16_t below = 0;
  for (const ast::Node* child : children) {
    if (child != nullptr) below = std::max(below, child->height);
  }
  return set_height(node, below);
}

Expression* Builder::settle(Expression* node, std::initializer_list<const ast::Node*> children) {
  return adopt(*node, children) ? node : leaf(node->location);
}

Expression* Builder::settle(Expression* node, const Expressions& children) {
  std::uint16_t below = 0;
  for (const Expression* child : children) below = std::max(below, child->height);
  return set_height(*node, below) ? node : leaf(node->location);
}

Statement* Builder::settle(Statement* node, std::initializer_list<const ast::Node*> children) {
  return adopt(*node, children) ? node : make<ast::Block>(node->location, Statements{});
}

// --- top level ---

void Builder::config_block(const Location& where) {
  if (program_.probes.empty()) return;
  emitter_.emit(kinds::ConfigPlacement, where).hint("move it to the top of the script");
}

void Builder::add_config(const Location& where, const Word& name, std::string value,
                         const Location& value_at) {
  program_.config.push_back(
      {where, std::string(name.text), name.location, std::move(value), value_at});
}

void Builder::add_map_declaration(const Location& where, const Word& name, const Word& type,
                                  const IntegerText& entries) {
  program_.maps.push_back({where, std::string(name.text), std::string(type.text), entries.value});
}

void Builder::add_import(const Location& where, std::string path, const Location& path_at) {
  program_.imports.push_back({where, std::move(path), path_at});
}

ast::AttachPoint Builder::attach_point(const Word& text) {
  return split_attach_point(text.text, text.location);
}

void Builder::add_probe(const Location& where, std::vector<ast::AttachPoint> attach_points,
                        Expression* predicate, ast::Block* body) {
  program_.probes.push_back({where, std::move(attach_points), predicate, body});
}

void Builder::block_without_probe(const ast::Block& block) {
  const Location brace{block.location.source, block.location.begin, block.location.begin + 1};
  emitter_.emit(kinds::SyntaxError, brace, "expected a probe before '{'")
      .hint("say when the block runs, for example 'begin { ... }' or 'interval:s:1 { ... }'");
}

// --- types ---

Builder::TypePointer Builder::type(const Location& where, ast::TypeName::Keyword keyword,
                                   std::string_view name) {
  auto result = std::make_unique<ast::TypeName>();
  result->location = where;
  result->keyword = keyword;
  result->name = name;
  return result;
}

Builder::TypePointer Builder::add_word(TypePointer type, const Word& word) {
  type->name += ' ';
  type->name += word.text;
  return type;
}

Builder::TypePointer Builder::finish_type(const Location& where, TypePointer type,
                                          std::uint32_t pointers,
                                          const std::vector<std::uint32_t>& dimensions) {
  if (!type->dimensions.empty() && pointers > 0) {
    emitter_.emit(kinds::TypeDimension, where, "pointer to an array");
  }
  type->location = where;
  type->pointers += pointers;  // Those of `typeof(TYPE)` are there already.
  type->dimensions.insert(type->dimensions.begin(), dimensions.begin(), dimensions.end());
  return type;
}

Builder::TypePointer Builder::type_of(const Location& where, Expression* of) {
  TypePointer result = type(where, ast::TypeName::Keyword::None, "");
  result->of = of;
  return result;
}

std::uint32_t Builder::dimension(const Location& where, const IntegerText& literal) {
  if (literal.value == 0 || literal.value > std::numeric_limits<std::uint32_t>::max()) {
    emitter_.emit(kinds::InvalidInteger, where, std::string(literal.text),
                  "an array has at least 1 and at most 2^32-1 elements");
    return 1;
  }
  return static_cast<std::uint32_t>(literal.value);
}

// --- expressions ---

Expression* Builder::integer(const Location& where, const IntegerText& literal) {
  return make<ast::IntegerLiteral>(where, literal.value, std::string(literal.text));
}

Expression* Builder::boolean(const Location& where, bool value) {
  return make<ast::BoolLiteral>(where, value);
}

Expression* Builder::string(const Location& where, UnescapedString text) {
  return make<ast::StringLiteral>(where, std::move(text.value), std::move(text.offsets));
}

Expression* Builder::identifier(const Word& word) {
  return make<ast::Identifier>(word.location, std::string(word.text));
}

Expression* Builder::parameter(const Location& where, std::uint32_t index) {
  return make<ast::PositionalParameter>(where, index);
}

ast::ScratchVariable* Builder::scratch(const Word& word) {
  return make<ast::ScratchVariable>(word.location, std::string(word.text));
}

Expression* Builder::variable(const Word& word) { return scratch(word); }

Expression* Builder::map(const Location& where, const Word& name, Expressions keys,
                         const Location& keys_at) {
  Expression* key = keys.empty()       ? nullptr
                    : keys.size() == 1 ? keys.front()
                                       : tuple(keys_at, std::move(keys));
  return settle(make<ast::MapAccess>(where, std::string(name.text), key), {key});
}

Expression* Builder::call(const Location& where, const Word& name, Expressions arguments) {
  auto* node = make<ast::Call>(where, std::string(name.text), name.location, std::move(arguments));
  return settle(node, node->arguments);
}

Expression* Builder::unary(const Location& where, ast::UnaryOp op, Expression* operand) {
  return settle(make<ast::Unary>(where, op, operand), {operand});
}

Expression* Builder::step(const Location& where, ast::UnaryOp op, Expression* operand) {
  check_assignable(*operand);
  return unary(where, op, operand);
}

Expression* Builder::binary(ast::BinaryOp op, const Location& op_at, Expression* left,
                            Expression* right, const Location& where) {
  return settle(make<ast::Binary>(where, op, op_at, left, right), {left, right});
}

Expression* Builder::ternary(const Location& where, Expression* condition, Expression* then_value,
                             Expression* else_value) {
  return settle(make<ast::Ternary>(where, condition, then_value, else_value),
                {condition, then_value, else_value});
}

Expression* Builder::member(const Location& where, Expression* object, const Word& field,
                            bool arrow) {
  const auto* whole = ast::as<ast::IntegerLiteral>(object);
  if (whole != nullptr && field.text.find_first_not_of("0123456789") == std::string_view::npos) {
    auto* decimal = make<ast::IntegerLiteral>(where, whole->value,
                                              fmt::format("{}.{}", whole->text, field.text));
    decimal->fraction = field.text;
    return decimal;
  }
  return settle(make<ast::Member>(where, object, std::string(field.text), field.location, arrow),
                {object});
}

Expression* Builder::index(const Location& where, Expression* object, Expression* at) {
  return settle(make<ast::Index>(where, object, at), {object, at});
}

Expression* Builder::cast(const Location& where, TypePointer type, Expression* value) {
  const Expression* of = type->of;
  return settle(make<ast::Cast>(where, std::move(*type), value), {of, value});
}

Expression* Builder::size_of(const Location& where, Expression* value, TypePointer type) {
  const Expression* of = type ? type->of : nullptr;
  return settle(make<ast::SizeOf>(where, value, type ? std::move(*type) : ast::TypeName()),
                {of, value});
}

Expression* Builder::offset_of(const Location& where, Expression* value, TypePointer type,
                               std::vector<Word> path) {
  std::vector<std::string> names;
  names.reserve(path.size());
  for (const Word& word : path) names.emplace_back(word.text);
  const Location path_at = Location::join(path.front().location, path.back().location);
  const Expression* of = type ? type->of : nullptr;
  return settle(make<ast::OffsetOf>(where, value, type ? std::move(*type) : ast::TypeName(),
                                    std::move(names), path_at),
                {of, value});
}

Expression* Builder::type_argument(const Location& where, TypePointer type) {
  const Expression* of = type->of;
  return settle(make<ast::TypeArgument>(where, std::move(*type)), {of});
}

Expression* Builder::tuple(const Location& where, Expressions elements) {
  auto* node = make<ast::Tuple>(where, std::move(elements));
  return settle(node, node->elements);
}

Expression* Builder::longer_tuple(const Location& where, Expression* first, Expressions rest) {
  rest.insert(rest.begin(), first);
  return tuple(where, std::move(rest));
}

Expression* Builder::assigning_condition(const Location& op_at, Expression* left, Expression* right,
                                         const Location& where) {
  const auto* inverted = ast::as<ast::Unary>(right);
  const bool matches = inverted != nullptr && inverted->op == ast::UnaryOp::BitNot &&
                       inverted->location.begin == op_at.end;
  emitter_.emit(kinds::SyntaxError, op_at, "'=' assigns and cannot stand in a condition")
      .hint(matches ? std::string(kPatternsInstead) : "use '==' to compare");
  return binary(ast::BinaryOp::Equal, op_at, left, right, where);
}

}  // namespace sonde::parser
