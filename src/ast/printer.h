// The tree as text, for `-d ast`, `-d types` and tests.
#pragma once

#include <string>

#include "ast/ast.h"

namespace sonde::ast {

struct PrintOptions {
  bool types = false;  // Append each expression's type, as sema found it.
};

// One node a line, children indented by two spaces. Made for reading and for diffs; not to be parsed.
[[nodiscard]] std::string print(const Program& program, const PrintOptions& options = {});

}  // namespace sonde::ast
