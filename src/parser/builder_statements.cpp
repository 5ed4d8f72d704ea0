#include <algorithm>

#include "builtins/absent.h"
#include "builtins/tables.h"
#include "parser/builder.h"

namespace sonde::parser {

namespace kinds = diag::kinds;

namespace {

// `self` of `self->x`; "" if no bare name stands at the left end.
std::string_view root_name(const Expression& target) {
  const auto* member = ast::as<ast::Member>(&target);
  if (member == nullptr) return {};
  const auto* name = ast::as<ast::Identifier>(member->object);
  return name == nullptr ? std::string_view() : std::string_view(name->name);
}

}  // namespace

void Builder::report_not_assignable(const Expression& target) {
  auto builder = emitter_.emit(kinds::NotAssignable, target.location);
  if (const auto* name = ast::as<ast::Identifier>(&target)) {
    if (builtins::find_variable(name->name) != nullptr) {
      builder.hint(fmt::format("'{}' is a builtin and keeps its value", name->name));
    } else {
      builder.hint(fmt::format(
          "names of variables start with '$': '${0}'; names of maps with '@': '@{0}'", name->name));
    }
  } else if (const std::string_view foreign = builtins::foreign_hint(root_name(target));
             !foreign.empty()) {
    builder.hint(std::string(foreign));
  } else if (const auto* index = ast::as<ast::Index>(&target);
             index != nullptr && index->object->kind == ast::NodeKind::MapAccess) {
    builder.hint("several keys stand in one pair of brackets: '@map[1, 2]'");
  } else if (target.kind == ast::NodeKind::PositionalParameter) {
    builder.hint(
        "'$1', '$2', ... are the arguments of the command line; names of variables start with a "
        "letter");
  } else {
    builder.hint("only variables ('$x') and maps ('@x', '@x[key]') can be set");
  }
}

bool Builder::check_assignable(const Expression& target) {
  if (target.kind == ast::NodeKind::ScratchVariable || target.kind == ast::NodeKind::MapAccess)
    return true;
  // A row of `--` makes one error each without a further token at which the lexer could give up.
  if (emitter_.error_count() < kMaxErrors) report_not_assignable(target);
  return false;
}

Statement* Builder::expression_statement(Expression* value) {
  return settle(make<ast::ExpressionStatement>(value->location, value), {value});
}

Statement* Builder::assignment(const Location& where, Expression* target, const Location& op_at,
                               Expression* value) {
  const auto* name = ast::as<ast::Identifier>(target);
  const bool discard = name != nullptr && name->name == "_";
  if (!discard) check_assignable(*target);
  Expression* place = discard ? nullptr : target;
  return settle(make<ast::Assignment>(where, place, false, ast::BinaryOp::Add, op_at, value),
                {place, value});
}

Statement* Builder::compound_assignment(const Location& where, Expression* target, ast::BinaryOp op,
                                        const Location& op_at, Expression* value) {
  check_assignable(*target);
  return settle(make<ast::Assignment>(where, target, true, op, op_at, value), {target, value});
}

Statement* Builder::declaration(const Location& where, const Word& name, TypePointer type,
                                Expression* value) {
  const Expression* of = type ? type->of : nullptr;
  return settle(make<ast::Declaration>(where, scratch(name), std::move(type), value), {of, value});
}

Statement* Builder::jump(const Location& where, ast::JumpKind kind, Expression* value) {
  return settle(make<ast::Jump>(where, kind, value), {value});
}

ast::Block* Builder::block(const Location& where, Statements statements, Statement* last) {
  if (last != nullptr) statements.push_back(last);
  auto* node = make<ast::Block>(where, std::move(statements));
  std::uint16_t below = 0;
  for (const Statement* statement : node->statements) below = std::max(below, statement->height);
  return set_height(*node, below) ? node : make<ast::Block>(where, Statements{});
}

Expression* Builder::block_expression(const Location& where, Statements statements, Statement* last,
                                      const Location& brace) {
  const auto* value = ast::as<ast::ExpressionStatement>(last);
  const bool reported = std::ranges::any_of(emitter_.all(), [&](const diag::Diagnostic& other) {
    return other.where.source == where.source && other.where.begin >= where.begin &&
           other.where.end <= where.end;
  });
  if (value == nullptr && (reported || brace.begin == brace.end)) return leaf(where);
  if (value == nullptr) {
    emitter_.emit(kinds::SyntaxError, where, "this block has no value")
        .hint(
            "a block used as a value ends with an expression without ';', for example '{ $a = 1; "
            "$a + 1 }'");
    return leaf(where);
  }
  auto* node = make<ast::BlockExpression>(where, std::move(statements), value->value);
  std::uint16_t below = node->value->height;
  for (const Statement* statement : node->statements) below = std::max(below, statement->height);
  return set_height(*node, below) ? static_cast<Expression*>(node) : leaf(where);
}

Statement* Builder::if_statement(const Location& where, Expression* condition,
                                 ast::Block* then_block, Statement* else_block) {
  return settle(make<ast::If>(where, condition, then_block, else_block),
                {condition, then_block, else_block});
}

Statement* Builder::while_loop(const Location& where, Expression* condition, ast::Block* body) {
  return settle(make<ast::While>(where, condition, body), {condition, body});
}

Statement* Builder::unroll(const Location& where, Expression* count, ast::Block* body) {
  return settle(make<ast::Unroll>(where, count, body), {count, body});
}

Statement* Builder::for_loop(const Location& where, const ForHead& head, ast::Block* body) {
  ast::ScratchVariable* variable = scratch(head.variable);
  if (head.end != nullptr) {
    return settle(make<ast::ForRange>(where, variable, head.first, head.end, body),
                  {head.first, head.end, body});
  }
  auto* map = ast::as<ast::MapAccess>(head.first);
  if (map == nullptr || map->key != nullptr) {
    emitter_.emit(kinds::SyntaxError, head.first->location, "expected a map or a range after ':'")
        .hint(
            fmt::format("for example 'for ({0} : @map) {{ ... }}' or 'for ({0} : 0..10) {{ ... }}'",
                        head.variable.text));
    return body;
  }
  return settle(make<ast::ForMap>(where, variable, map, body), {map, body});
}

}  // namespace sonde::parser
