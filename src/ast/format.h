// The formatter: the same tokens and comments in the project's layout.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ast/ast.h"

namespace sonde::ast {

// `program` and `tokens` (places of all tokens, in order) come from one parse of `text` without errors. Only white space
// changes: two columns for each block, one statement a line, one attach point a line where there are several, lines of at
// most 100 columns where they can be broken, at most one empty line in a row.
[[nodiscard]] std::string format(const Program& program, std::string_view text,
                                 std::span<const Location> tokens);

}  // namespace sonde::ast
