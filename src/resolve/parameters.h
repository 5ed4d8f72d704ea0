// Positional parameters: $1, $2, ..., $#.
#pragma once

#include <string>
#include <vector>

#include "ast/ast.h"

namespace sonde::resolve {

// Fills in `text` of every PositionalParameter in the probe's code.
void fill_parameters(ast::Probe& probe, const std::vector<std::string>& parameters);

// `text` of an attach point with $N replaced; a parameter that was not given becomes nothing.
[[nodiscard]] std::string substitute(const std::string& text,
                                     const std::vector<std::string>& parameters);

// The highest N of the $N in `text`; 0 if there is none.
[[nodiscard]] std::uint32_t highest_parameter(std::string_view text);

}  // namespace sonde::resolve
