// Generic traversal for passes that look at a few kinds of node only.
#pragma once

#include <functional>
#include <string_view>

#include "ast/ast.h"

namespace sonde::ast {

// Calls `fn` for each direct child of `node`, in source order. Null children are left out.
void for_each_child(Node& node, const std::function<void(Node&)>& fn);

// Calls `fn` for `node` and everything below it, parents first.
void walk(Node& node, const std::function<void(Node&)>& fn);

// walk() over predicate and body of a probe.
void walk(Probe& probe, const std::function<void(Node&)>& fn);

// True if the probe's code names the bare identifier `name` (with or without a call), e.g. "args".
[[nodiscard]] bool mentions(const Probe& probe, std::string_view name);

}  // namespace sonde::ast
