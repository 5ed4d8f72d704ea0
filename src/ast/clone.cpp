#include "ast/clone.h"

#include <algorithm>

#include "ast/visit.h"
#include "ast/walk.h"

namespace sonde::ast {

// One handler a node: the copy of its fields, then of its children and places. ast/visit.h sees to it that none is missing.
struct CopyOf {
  Cloner& cloner;

  // A copy whose children are still those of the original.
  template <class Class>
  Class* twin(const Class& node) const {
    auto* made = cloner.arena_.make<Class>(node);
    made->location = cloner.place(node.location);
    return made;
  }
  template <class Class>
  void child(Class*& held) const {
    held = static_cast<Class*>(cloner.copy(held));
  }
  template <class Class>
  void children(std::vector<Class*>& held) const {
    for (Class*& each : held) child(each);
  }
  // Children that nothing may replace.
  ScratchVariable* variable(const ScratchVariable& node) const {
    ScratchVariable* made = twin(node);
    cloner.change(*made);
    return made;
  }
  MapAccess* map(const MapAccess& node) const {
    MapAccess* made = twin(node);
    cloner.change(*made);
    child(made->key);
    return made;
  }
  void place(Location& where) const { where = cloner.place(where); }
  void type(TypeName& name) const {
    place(name.location);
    child(name.of);
    cloner.change(name);
  }

  Expression* operator()(IntegerLiteral& n) const { return twin(n); }
  Expression* operator()(BoolLiteral& n) const { return twin(n); }
  Expression* operator()(StringLiteral& n) const { return twin(n); }
  Expression* operator()(Identifier& n) const { return twin(n); }
  Expression* operator()(PositionalParameter& n) const { return twin(n); }
  Expression* operator()(ScratchVariable& n) const { return variable(n); }
  Expression* operator()(MapAccess& n) const { return map(n); }
  Expression* operator()(Call& n) const {
    Call* made = twin(n);
    place(made->name_location);
    children(made->arguments);
    return made;
  }
  Expression* operator()(Unary& n) const {
    Unary* made = twin(n);
    child(made->operand);
    return made;
  }
  Expression* operator()(Binary& n) const {
    Binary* made = twin(n);
    place(made->op_location);
    child(made->left);
    child(made->right);
    return made;
  }
  Expression* operator()(Ternary& n) const {
    Ternary* made = twin(n);
    child(made->condition);
    child(made->then_value);
    child(made->else_value);
    return made;
  }
  Expression* operator()(Member& n) const {
    Member* made = twin(n);
    place(made->field_location);
    child(made->object);
    return made;
  }
  Expression* operator()(Index& n) const {
    Index* made = twin(n);
    child(made->object);
    child(made->index);
    return made;
  }
  Expression* operator()(Cast& n) const {
    Cast* made = twin(n);
    type(made->target);
    child(made->value);
    return made;
  }
  Expression* operator()(SizeOf& n) const {
    SizeOf* made = twin(n);
    type(made->type_name);
    child(made->value);
    return made;
  }
  Expression* operator()(OffsetOf& n) const {
    OffsetOf* made = twin(n);
    place(made->path_location);
    type(made->type_name);
    child(made->value);
    return made;
  }
  Expression* operator()(TypeArgument& n) const {
    TypeArgument* made = twin(n);
    type(made->type_name);
    return made;
  }
  Expression* operator()(Tuple& n) const {
    Tuple* made = twin(n);
    children(made->elements);
    return made;
  }
  Expression* operator()(BlockExpression& n) const {
    BlockExpression* made = twin(n);
    children(made->statements);
    child(made->value);
    return made;
  }

  Statement* operator()(ExpressionStatement& n) const {
    ExpressionStatement* made = twin(n);
    child(made->value);
    return made;
  }
  Statement* operator()(Assignment& n) const {
    Assignment* made = twin(n);
    place(made->operator_location);
    if (auto* scratch = as<ScratchVariable>(n.target)) {
      made->target = variable(*scratch);
    } else if (auto* access = as<MapAccess>(n.target)) {
      made->target = map(*access);
    } else {
      child(made->target);
    }
    child(made->value);
    return made;
  }
  Statement* operator()(Declaration& n) const {
    std::unique_ptr<TypeName> name;
    if (n.type_name != nullptr) {
      name = std::make_unique<TypeName>(*n.type_name);
      type(*name);
    }
    return cloner.arena_.make<Declaration>(cloner.place(n.location), variable(*n.target),
                                           std::move(name), cloner.copy(n.value));
  }
  Statement* operator()(If& n) const {
    If* made = twin(n);
    child(made->condition);
    child(made->then_block);
    child(made->else_block);
    return made;
  }
  Statement* operator()(While& n) const {
    While* made = twin(n);
    child(made->condition);
    child(made->body);
    return made;
  }
  Statement* operator()(Unroll& n) const {
    Unroll* made = twin(n);
    child(made->count);
    child(made->body);
    return made;
  }
  Statement* operator()(ForRange& n) const {
    ForRange* made = twin(n);
    made->variable = variable(*n.variable);
    child(made->start);
    child(made->end);
    child(made->body);
    return made;
  }
  Statement* operator()(ForMap& n) const {
    ForMap* made = twin(n);
    made->variable = variable(*n.variable);
    made->map = map(*n.map);
    child(made->body);
    return made;
  }
  Statement* operator()(Jump& n) const {
    Jump* made = twin(n);
    child(made->value);
    return made;
  }
  Statement* operator()(Block& n) const {
    Block* made = twin(n);
    children(made->statements);
    return made;
  }
};

namespace {

template <class Class>
Class* with_height(Class* made) {
  std::uint16_t below = 0;
  for_each_child(*made, [&](Node& child) { below = std::max(below, child.height); });
  made->height = static_cast<std::uint16_t>(below + 1);
  return made;
}

}  // namespace

Expression* Cloner::copy(Expression* node) {
  if (node == nullptr) return nullptr;
  ++depth_;
  Expression* made = replace(*node);
  if (made == nullptr) made = with_height(visit(*node, CopyOf{*this}));
  --depth_;
  return made;
}

Statement* Cloner::copy(Statement* node) {
  if (node == nullptr) return nullptr;
  ++depth_;
  Statement* made = replace(*node);
  if (made == nullptr) made = with_height(visit(*node, CopyOf{*this}));
  --depth_;
  return made;
}

}  // namespace sonde::ast
