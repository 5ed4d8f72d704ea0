#include "sema/scopes.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "ast/visit.h"
#include "base/text.h"
#include "sema/checker.h"
#include "sema/unknown.h"

namespace sonde::sema {
namespace {

class Binder {
 public:
  Binder(Session& session, ProbeFacts& probe) : session_(session), probe_(probe) {}

  void bind_probe() {
    const Scope scope(*this);
    expression(probe_.resolved->probe->predicate);
    if (probe_.resolved->probe->body != nullptr) statement(probe_.resolved->probe->body);
  }

  // --- expressions ---
  void operator()(ast::IntegerLiteral&) {}
  void operator()(ast::BoolLiteral&) {}
  void operator()(ast::StringLiteral&) {}
  void operator()(ast::Identifier&) {}
  void operator()(ast::PositionalParameter&) {}
  void operator()(ast::ScratchVariable& node) { use(node); }
  void operator()(ast::MapAccess& node) { expression(node.key); }
  void operator()(ast::Call& node) {
    for (ast::Expression* argument : node.arguments) expression(argument);
  }
  void operator()(ast::Unary& node) { expression(node.operand); }
  void operator()(ast::Binary& node) {
    expression(node.left);
    expression(node.right);
  }
  void operator()(ast::Ternary& node) {
    expression(node.condition);
    expression(node.then_value);
    expression(node.else_value);
  }
  void operator()(ast::Member& node) { expression(node.object); }
  void operator()(ast::Index& node) {
    expression(node.object);
    expression(node.index);
  }
  void operator()(ast::Cast& node) {
    expression(node.target.of);
    expression(node.value);
  }
  void operator()(ast::SizeOf& node) {
    expression(node.type_name.of);
    expression(node.value);
  }
  void operator()(ast::OffsetOf& node) {
    expression(node.type_name.of);
    expression(node.value);
  }
  void operator()(ast::TypeArgument& node) { expression(node.type_name.of); }
  void operator()(ast::Tuple& node) {
    for (ast::Expression* element : node.elements) expression(element);
  }
  void operator()(ast::BlockExpression& node) {
    const Scope scope(*this);
    for (ast::Statement* inner : node.statements) statement(inner);
    expression(node.value);
  }

  // --- statements ---
  void operator()(ast::ExpressionStatement& node) { expression(node.value); }
  void operator()(ast::Assignment& node) {
    expression(node.value);
    auto* variable = ast::as<ast::ScratchVariable>(node.target);
    if (variable == nullptr || node.compound) return expression(node.target);
    variable->variable = find(*variable);
    if (variable->variable == nullptr) declare(*variable);
  }
  void operator()(ast::Declaration& node) {
    if (node.type_name != nullptr) expression(node.type_name->of);
    expression(node.value);
    if (const ast::Variable* twin = find_here(*node.target)) {
      session_.emit(kinds::DuplicateDeclaration, node.target->location, node.target->name)
          .note(twin->declared, "first declared here");
    } else {
      refuse_shadow(*node.target);
    }
    declare(*node.target);
    VariableFacts& facts = session_.variables[node.target->variable];
    facts.is_bare = node.type_name == nullptr && node.value == nullptr;
    if (node.type_name == nullptr) return;
    facts.is_declared = true;
    facts.declared = node.type_name->type;
  }
  void operator()(ast::If& node) {
    expression(node.condition);
    statement(node.then_block);
    if (node.else_block != nullptr) statement(node.else_block);
  }
  void operator()(ast::While& node) {
    expression(node.condition);
    statement(node.body);
  }
  void operator()(ast::Unroll& node) {
    expression(node.count);
    statement(node.body);
  }
  void operator()(ast::ForRange& node) {
    expression(node.start);
    expression(node.end);
    refuse_shadow(*node.variable);
    const Scope scope(*this);
    declare(*node.variable);
    statement(node.body);
  }
  void operator()(ast::ForMap& node) {
    expression(node.map);
    refuse_shadow(*node.variable);
    const Scope scope(*this);
    declare(*node.variable);
    statement(node.body);
  }
  void operator()(ast::Jump& node) { expression(node.value); }
  void operator()(ast::Block& node) {
    const Scope scope(*this);
    for (ast::Statement* inner : node.statements) statement(inner);
  }

 private:
  struct Scope {
    explicit Scope(Binder& owner) : binder(owner) { binder.scopes_.emplace_back(); }
    ~Scope() { binder.scopes_.pop_back(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    Binder& binder;
  };

  void expression(ast::Expression* node) {
    if (node != nullptr) ast::visit(*node, *this);
  }
  void statement(ast::Statement* node) { ast::visit(*node, *this); }

  // A macro's own variables never meet those of its caller.
  static bool same(const ast::Variable& variable, const ast::ScratchVariable& node) {
    return variable.name == node.name && variable.expansion == node.expansion;
  }
  ast::Variable* find_here(const ast::ScratchVariable& node) {
    for (ast::Variable* variable : scopes_.back()) {
      if (same(*variable, node)) return variable;
    }
    return nullptr;
  }
  ast::Variable* find(const ast::ScratchVariable& node) {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      // The latest declaration of a scope wins: a repeated `let` was reported already.
      for (auto variable = scope->rbegin(); variable != scope->rend(); ++variable) {
        if (same(**variable, node)) return *variable;
      }
    }
    return nullptr;
  }

  // A second variable of the same name in an inner block would be read by mistake.
  void refuse_shadow(const ast::ScratchVariable& node) {
    const ast::Variable* outer = find(node);
    if (outer == nullptr) return;
    session_.emit(kinds::ShadowedVariable, node.location, node.name)
        .note(outer->declared, "the outer one")
        .hint("give one of them another name");
  }

  void declare(ast::ScratchVariable& node) {
    node.variable = session_.program.arena->make_variable(node.name, node.location);
    node.variable->expansion = node.expansion;
    scopes_.back().push_back(node.variable);
    all_.push_back(node.variable);
    session_.all_variables.push_back(node.variable);
    probe_.variable_names.push_back(node.name);
  }

  void use(ast::ScratchVariable& node) {
    node.variable = find(node);
    // Told once: what follows from it is no other mistake.
    if (node.variable != nullptr || !undefined_.insert(node.name).second) return;
    diag::Builder report = session_.emit(kinds::UndefinedVariable, node.location, node.name);
    const auto inner = std::find_if(all_.begin(), all_.end(),
                                    [&](const ast::Variable* v) { return same(*v, node); });
    if (inner != all_.end()) {
      report.note((*inner)->declared, "this one ends with its block");
      report.hint(fmt::format("declare it before the block: let {};", node.name));
      return;
    }
    std::vector<std::string> names;
    for (const auto& scope : scopes_) {
      for (const ast::Variable* variable : scope) {
        if (variable->expansion == node.expansion) names.push_back(variable->name);
      }
    }
    std::string hint = hint_for_sigil(node.name);
    if (hint.empty()) hint = diag::did_you_mean(nearest(node.name, names));
    report.hint(hint.empty() ? fmt::format("set it first: {} = ...;", node.name) : hint);
  }

  Session& session_;
  ProbeFacts& probe_;
  std::vector<std::vector<ast::Variable*>> scopes_;
  std::vector<ast::Variable*> all_;  // Of closed scopes too.
  std::set<std::string> undefined_;  // Reported so far.
};

}  // namespace

void bind_variables(Session& session, ProbeFacts& probe) { Binder(session, probe).bind_probe(); }

}  // namespace sonde::sema
