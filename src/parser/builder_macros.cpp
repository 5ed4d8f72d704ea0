// Definitions of macros.
#include <algorithm>

#include "ast/walk.h"
#include "parser/builder.h"

namespace sonde::parser {
namespace {

using Kind = ast::MacroParameter::Kind;

// A parameter that a cast, a `let` or the like names is a type: nothing else can stand there.
void find_types(ast::Node& body, std::vector<ast::MacroParameter>& parameters) {
  ast::walk(body, [&](ast::Node& node) {
    ast::for_each_type_name(node, [&](const ast::TypeName& type) {
      if (type.keyword != ast::TypeName::Keyword::None) return;
      for (ast::MacroParameter& parameter : parameters) {
        if (parameter.name == type.name) parameter.kind = Kind::Type;
      }
    });
  });
}

}  // namespace

ast::MacroParameter Builder::macro_parameter(const Word& word) {
  const Kind kind = word.text.starts_with('$')   ? Kind::Variable
                    : word.text.starts_with('@') ? Kind::Map
                                                 : Kind::Expression;
  return {kind, std::string(word.text), word.location};
}

void Builder::add_macro(const Location& where, const Word& name,
                        std::vector<ast::MacroParameter> parameters, const Location& body_at,
                        Statements statements, Statement* last) {
  auto* ending = ast::as<ast::ExpressionStatement>(last);
  Expression* value = ending != nullptr ? ending->value : nullptr;
  ast::Block* body = block(body_at, std::move(statements), ending != nullptr ? nullptr : last);
  find_types(*body, parameters);
  if (value != nullptr) find_types(*value, parameters);
  program_.macros.push_back(
      {where, std::string(name.text), name.location, std::move(parameters), body, value});
}

}  // namespace sonde::parser
