// Generic traversal for passes that look at a few kinds of node only.
#pragma once

#include <functional>
#include <string_view>

#include "ast/ast.h"

namespace sonde::ast {

// True for the statements of ast/nodes.def.
[[nodiscard]] bool is_statement(NodeKind kind);

// Calls `fn` for each direct child of `node`, in source order. Null children are left out.
void for_each_child(Node& node, const std::function<void(Node&)>& fn);

// Calls `fn` for `node` and everything below it, parents first.
void walk(Node& node, const std::function<void(Node&)>& fn);

// walk() over predicate and body of a probe.
void walk(const Probe& probe, const std::function<void(Node&)>& fn);

// Calls `fn` for each type name that `node` itself holds, not for those of its children.
void for_each_type_name(Node& node, const std::function<void(TypeName&)>& fn);

// Replaces expressions: `fn` gets each one below `node`, children first, and returns it or what takes its place. Targets of
// assignments and loops stay what they are.
using Rewrite = std::function<Expression*(Expression&)>;
void rewrite(Node& node, const Rewrite& fn);
void rewrite(Probe& probe, const Rewrite& fn);

// True if the probe's code names the bare identifier `name` (with or without a call), e.g. "args".
[[nodiscard]] bool mentions(const Probe& probe, std::string_view name);

}  // namespace sonde::ast
