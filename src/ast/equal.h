// Comparison of trees by what they say, not by where they say it.
#pragma once

#include <string>

#include "ast/ast.h"

namespace sonde::ast {

// True if both programs have the same structure, names and values. Places do not count, nor what later stages fill in.
[[nodiscard]] bool equal(const Program& a, const Program& b);

// The first line of the dump in which they differ, as "<line of a> / <line of b>"; empty if they are equal.
[[nodiscard]] std::string first_difference(const Program& a, const Program& b);

}  // namespace sonde::ast
