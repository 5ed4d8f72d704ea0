// Calls `handler` with the node as its own class: `visit(expression, overloaded lambda or functor)`.
#pragma once

#include "ast/ast.h"
#include "base/check.h"

namespace sonde::ast {

template <class Handler>
decltype(auto) visit(Expression& node, Handler&& handler) {
  switch (node.kind) {
#define SONDE_EXPRESSION(Class) \
  case NodeKind::Class: return handler(static_cast<Class&>(node));
#define SONDE_STATEMENT(Class)
#include "ast/nodes.def"
    default: SONDE_UNREACHABLE();
  }
}

template <class Handler>
decltype(auto) visit(Statement& node, Handler&& handler) {
  switch (node.kind) {
#define SONDE_EXPRESSION(Class)
#define SONDE_STATEMENT(Class) \
  case NodeKind::Class: return handler(static_cast<Class&>(node));
#include "ast/nodes.def"
    default: SONDE_UNREACHABLE();
  }
}

}  // namespace sonde::ast
