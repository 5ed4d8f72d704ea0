#include "resolve/macros.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "ast/clone.h"
#include "resolve/macro_table.h"

namespace sonde::resolve {
namespace {

namespace kinds = diag::kinds;
using Kind = ast::MacroParameter::Kind;

// Nodes that all expansions of a script may make. A BPF program has at most a million instructions.
constexpr std::size_t kMaxNodes = 200'000;

// The text that is being copied: a probe's, or the body of a macro for one call.
struct Frame {
  const ast::Macro* macro = nullptr;  // Null for a probe.
  const Frame* caller = nullptr;
  std::uint32_t source = 0;     // The expansion that the body's copy lies in.
  std::uint32_t expansion = 0;  // Marks its variables.
  std::map<std::string_view, ast::Expression*> arguments;  // By parameter; as the caller sees them.

  [[nodiscard]] ast::Expression* argument(std::string_view name) const {
    const auto found = arguments.find(name);
    return found == arguments.end() ? nullptr : found->second;
  }
};

// A macro's name with its arguments, or alone.
struct MacroCall {
  std::string_view name;
  diag::Location location;
  std::vector<ast::Expression*> arguments;
};

class Expander : public ast::Cloner {
 public:
  Expander(ast::Program& program, const MacroTable& macros, diag::Sources& sources,
           diag::Emitter& emitter)
      : Cloner(*program.arena), macros_(macros), sources_(sources), emitter_(emitter) {}

  void expand(ast::Probe& probe) {
    const Frame frame;
    frame_ = &frame;
    probe.predicate = copy(probe.predicate);
    probe.body = static_cast<ast::Block*>(copy(static_cast<ast::Statement*>(probe.body)));
  }
  // What is wrong with the calls in a macro that nothing calls; its parameters stand for themselves.
  void check_unused(const ast::Macro& macro);

 protected:
  diag::Location place(const diag::Location& where) override {
    if (verbatim_ || frame_->macro == nullptr) return where;
    return {frame_->source, where.begin, where.end};
  }
  ast::Expression* replace(ast::Expression& node) override;
  ast::Statement* replace(ast::Statement& node) override;
  void change(ast::ScratchVariable& copied) override;
  void change(ast::MapAccess& copied) override;
  void change(ast::TypeName& copied) override;

 private:
  std::optional<MacroCall> macro_call(ast::Expression& node) const;
  ast::Expression* parameter(const ast::Identifier& node, ast::Expression& argument);
  ast::Expression* type_operand(ast::Expression& node);
  ast::Expression* repeat(ast::Expression& argument);
  Argument describe_argument(ast::Expression& node) const;
  const ast::Macro* choose(const MacroCall& call);
  Frame enter(const MacroCall& call, const ast::Macro& macro);
  ast::Expression* bind(const ast::MacroParameter& parameter, ast::Expression& given);
  ast::Expression* value_of(const MacroCall& call);
  ast::Statement* statements_of(const MacroCall& call, const ast::Macro& macro);
  std::vector<ast::Statement*> body_of(const ast::Macro& macro);
  bool admit(const diag::Location& where);
  ast::Expression* nothing(const diag::Location& where) {
    return arena().make<ast::IntegerLiteral>(where, 0, std::string());
  }

  const MacroTable& macros_;
  diag::Sources& sources_;
  diag::Emitter& emitter_;
  const Frame* frame_ = nullptr;
  bool verbatim_ = false;  // Inside of an argument, which has been expanded where it was given.
  std::size_t nodes_ = 0;
  std::uint32_t expansions_ = 0;
  std::set<const ast::Macro*> used_;
  bool gave_up_ = false;
};

// False when nothing more is to be copied. Only what macros bring in counts.
bool Expander::admit(const diag::Location& where) {
  if (gave_up_) return false;
  const Frame* frame = frame_;
  if (frame->macro == nullptr) return true;
  if (depth() < ast::kMaxHeight && ++nodes_ <= kMaxNodes) return true;
  gave_up_ = true;
  while (frame->caller->macro != nullptr) frame = frame->caller;
  emitter_.emit(kinds::MacroTooLarge, sources_.outermost(place(where)), frame->macro->name)
      .hint(
          "each call puts in a whole copy of the body, and each use of a parameter one of the "
          "argument; 'let $x = x;' keeps its value");
  return false;
}

std::optional<MacroCall> Expander::macro_call(ast::Expression& node) const {
  if (verbatim_) return std::nullopt;
  if (auto* call = ast::as<ast::Call>(&node); call && macros_.knows(call->name))
    return MacroCall{call->name, call->location, call->arguments};
  if (auto* name = ast::as<ast::Identifier>(&node);
      name && macros_.knows(name->name) && frame_->argument(name->name) == nullptr)
    return MacroCall{name->name, name->location, {}};
  return std::nullopt;
}

ast::Expression* Expander::replace(ast::Expression& node) {
  if (!admit(node.location)) return nothing(node.location);
  if (verbatim_) return nullptr;
  if (auto* name = ast::as<ast::Identifier>(&node)) {
    if (ast::Expression* argument = frame_->argument(name->name))
      return parameter(*name, *argument);
  }
  if (ast::Expression* typed = type_operand(node)) return typed;
  const auto call = macro_call(node);
  return call ? value_of(*call) : nullptr;
}

ast::Statement* Expander::replace(ast::Statement& node) {
  if (!admit(node.location))
    return arena().make<ast::Block>(node.location, std::vector<ast::Statement*>());
  auto* statement = ast::as<ast::ExpressionStatement>(&node);
  if (statement == nullptr) return nullptr;
  const auto call = macro_call(*statement->value);
  if (!call) return nullptr;
  const ast::Macro* macro = choose(*call);
  if (macro != nullptr && macro->value != nullptr) return nullptr;
  return macro != nullptr
             ? statements_of(*call, *macro)
             : arena().make<ast::Block>(place(call->location), std::vector<ast::Statement*>());
}

// The name of a parameter where a value stands.
ast::Expression* Expander::parameter(const ast::Identifier& node, ast::Expression& argument) {
  if (argument.kind != ast::NodeKind::TypeArgument) return repeat(argument);
  emitter_.emit(kinds::TypeAsValue, place(node.location))
      .note(argument.location, fmt::format("'{}' stands for this type", node.name));
  return nothing(place(node.location));
}

// `sizeof(T)` and `offsetof(T, field)` read like `sizeof(x)`: it is the argument that tells.
ast::Expression* Expander::type_operand(ast::Expression& node) {
  auto* size = ast::as<ast::SizeOf>(&node);
  auto* offset = ast::as<ast::OffsetOf>(&node);
  ast::Expression* operand = size != nullptr     ? size->value
                             : offset != nullptr ? offset->value
                                                 : nullptr;
  const auto* name = ast::as<ast::Identifier>(operand);
  auto* type = name == nullptr ? nullptr : ast::as<ast::TypeArgument>(frame_->argument(name->name));
  if (type == nullptr) return nullptr;
  const diag::Location where = place(node.location);
  const auto* own = ast::as<ast::TypeArgument>(repeat(*type));
  if (own == nullptr) return nothing(where);  // Too large.
  if (size != nullptr) return arena().make<ast::SizeOf>(where, nullptr, own->type_name);
  return arena().make<ast::OffsetOf>(where, nullptr, own->type_name, offset->path,
                                     place(offset->path_location));
}

ast::Expression* Expander::repeat(ast::Expression& argument) {
  const bool outer = std::exchange(verbatim_, true);
  ast::Expression* made = copy(&argument);
  verbatim_ = outer;
  return made;
}

void Expander::change(ast::ScratchVariable& copied) {
  if (verbatim_ || frame_->macro == nullptr) return;
  if (const auto* given = ast::as<ast::ScratchVariable>(frame_->argument(copied.name))) {
    copied.name = given->name;
    copied.expansion = given->expansion;
  } else {
    copied.expansion = frame_->expansion;
  }
}

void Expander::change(ast::MapAccess& copied) {
  if (verbatim_ || frame_->macro == nullptr) return;
  if (const auto* given = ast::as<ast::MapAccess>(frame_->argument(copied.name)))
    copied.name = given->name;
}

void Expander::change(ast::TypeName& copied) {
  if (verbatim_ || copied.keyword != ast::TypeName::Keyword::None) return;
  const auto* given = ast::as<ast::TypeArgument>(frame_->argument(copied.name));
  if (given == nullptr) return;
  // `T *` and `T[4]` of an array type would have to be written from the inside out, as C does.
  if (!given->type_name.dimensions.empty() && copied.pointers > 0) {
    emitter_.emit(kinds::TypeDimension, copied.location, copied.name)
        .note(given->location, fmt::format("'{}' is an array", copied.name));
    copied.name = "int8";  // Any that exists.
    return;
  }
  copied.keyword = given->type_name.keyword;
  copied.name = given->type_name.name;
  copied.of = given->type_name.of == nullptr ? nullptr : repeat(*given->type_name.of);
  copied.pointers += given->type_name.pointers;
  copied.dimensions.insert(copied.dimensions.end(), given->type_name.dimensions.begin(),
                           given->type_name.dimensions.end());
}

Argument Expander::describe_argument(ast::Expression& node) const {
  const diag::Location where =
      frame_->macro == nullptr
          ? node.location
          : diag::Location{frame_->source, node.location.begin, node.location.end};
  if (node.kind == ast::NodeKind::ScratchVariable)
    return {Kind::Variable, false, where, "a variable"};
  if (node.kind == ast::NodeKind::TypeArgument) return {Kind::Type, false, where, "a type"};
  if (const auto* map = ast::as<ast::MapAccess>(&node)) {
    if (map->key == nullptr) return {Kind::Map, false, where, "a map"};
    return {Kind::Expression, false, where, "an element of a map"};
  }
  if (const auto* name = ast::as<ast::Identifier>(&node)) {
    const ast::Expression* passed_on = frame_->argument(name->name);
    if (passed_on == nullptr) return {Kind::Expression, true, where, "a name"};
    if (passed_on->kind == ast::NodeKind::TypeArgument) return {Kind::Type, false, where, "a type"};
  }
  return {Kind::Expression, false, where, "an expression"};
}

const ast::Macro* Expander::choose(const MacroCall& call) {
  std::vector<Argument> arguments;
  for (ast::Expression* argument : call.arguments)
    arguments.push_back(describe_argument(*argument));
  const ast::Macro* macro = macros_.find(call.name, arguments, place(call.location));
  for (const Frame* frame = frame_; frame != nullptr && macro != nullptr; frame = frame->caller) {
    if (frame->macro != macro) continue;
    emitter_.emit(kinds::MacroRecursion, place(call.location), macro->name)
        .hint("a macro is copied to where it is called, so it has to end; loops repeat things");
    return nullptr;
  }
  return macro;
}

// An argument as the body's copy will find it.
ast::Expression* Expander::bind(const ast::MacroParameter& parameter, ast::Expression& given) {
  if (const auto* name = ast::as<ast::Identifier>(&given); name && parameter.kind == Kind::Type) {
    ast::Expression* passed_on = frame_->argument(name->name);
    if (passed_on != nullptr) return repeat(*passed_on);
    ast::TypeName type;
    type.location = place(name->location);
    type.name = name->name;
    return arena().make<ast::TypeArgument>(type.location, std::move(type));
  }
  if (const auto* name = ast::as<ast::Identifier>(&given)) {
    ast::Expression* passed_on = frame_->argument(name->name);
    if (passed_on != nullptr && passed_on->kind == ast::NodeKind::TypeArgument)
      return repeat(*passed_on);
  }
  ast::Expression* made = copy(&given);
  const auto* map = ast::as<ast::MapAccess>(made);
  if (parameter.kind != Kind::Expression || map == nullptr || map->key != nullptr) return made;
  // The value of the map, not the map: `{ @m }`.
  return arena().make<ast::BlockExpression>(made->location, std::vector<ast::Statement*>(), made);
}

Frame Expander::enter(const MacroCall& call, const ast::Macro& macro) {
  used_.insert(&macro);
  Frame frame;
  frame.macro = &macro;
  frame.caller = frame_;
  frame.source = sources_.add_expansion(macro.location.source, {macro.name, place(call.location)});
  frame.expansion = ++expansions_;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    frame.arguments[macro.parameters[i].name] = bind(macro.parameters[i], *call.arguments[i]);
  }
  return frame;
}

std::vector<ast::Statement*> Expander::body_of(const ast::Macro& macro) {
  std::vector<ast::Statement*> statements;
  for (ast::Statement* statement : macro.body->statements) statements.push_back(copy(statement));
  return statements;
}

ast::Statement* Expander::statements_of(const MacroCall& call, const ast::Macro& macro) {
  const diag::Location where = place(call.location);
  const Frame frame = enter(call, macro);
  const Frame* outer = std::exchange(frame_, &frame);
  auto* block = arena().make<ast::Block>(where, body_of(macro));
  frame_ = outer;
  for (const ast::Statement* statement : block->statements) {
    block->height = std::max<std::uint16_t>(block->height, statement->height + 1);
  }
  return block;
}

ast::Expression* Expander::value_of(const MacroCall& call) {
  const diag::Location where = place(call.location);
  const ast::Macro* macro = choose(call);
  if (macro != nullptr && macro->value == nullptr) {
    emitter_.emit(kinds::MacroNoValue, where, macro->name)
        .note(macro->name_location, describe(*macro))
        .hint("the value of a macro is an expression without ';' at the end of its body");
    macro = nullptr;
  }
  if (macro == nullptr) return nothing(where);
  const Frame frame = enter(call, *macro);
  const Frame* outer = std::exchange(frame_, &frame);
  std::vector<ast::Statement*> statements = body_of(*macro);
  ast::Expression* value = copy(macro->value);
  frame_ = outer;
  // A value alone stays what it is: a literal, an aggregation, ...
  if (statements.empty()) return value;
  auto* block = arena().make<ast::BlockExpression>(where, std::move(statements), value);
  block->height = static_cast<std::uint16_t>(value->height + 1);
  for (const ast::Statement* statement : block->statements) {
    block->height = std::max<std::uint16_t>(block->height, statement->height + 1);
  }
  return block;
}

void Expander::check_unused(const ast::Macro& macro) {
  if (used_.contains(&macro)) return;
  Frame probe;
  Frame frame;
  frame.macro = &macro;
  frame.caller = &probe;
  frame.source = macro.location.source;
  for (const ast::MacroParameter& parameter : macro.parameters) {
    const diag::Location& where = parameter.location;
    ast::Expression*& stand_in = frame.arguments[parameter.name];
    switch (parameter.kind) {
      case Kind::Expression: stand_in = nothing(where); break;
      case Kind::Variable:
        stand_in = arena().make<ast::ScratchVariable>(where, parameter.name);
        break;
      case Kind::Map:
        stand_in = arena().make<ast::MapAccess>(where, parameter.name, nullptr);
        break;
      case Kind::Type: {
        ast::TypeName type;
        type.location = where;
        type.name = parameter.name;
        stand_in = arena().make<ast::TypeArgument>(where, std::move(type));
      }
    }
  }
  frame_ = &frame;
  nodes_ = 0;
  static_cast<void>(body_of(macro));
  static_cast<void>(copy(macro.value));
}

}  // namespace

void expand_macros(ast::Program& program, diag::Sources& sources, diag::Emitter& emitter) {
  if (program.macros.empty()) return;
  const std::size_t errors = emitter.error_count();
  const MacroTable macros(program, emitter);
  // What a wrong definition leads to at its calls is no mistake of these.
  if (emitter.error_count() > errors) return;
  Expander expander(program, macros, sources, emitter);
  for (ast::Probe& probe : program.probes) expander.expand(probe);
  for (const ast::Macro& macro : program.macros) expander.check_unused(macro);
}

}  // namespace sonde::resolve
