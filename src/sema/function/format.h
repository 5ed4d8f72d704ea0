// A printf format string with its values, as printf(), system(), errorf() and fail() take them.
#pragma once

#include <optional>
#include <vector>

#include "sema/function/function.h"
#include "types/format.h"

namespace sonde::sema::function {

struct Formatted {
  const ast::StringLiteral* format = nullptr;
  std::vector<types::FormatPiece> pieces;
  std::vector<const Type*> types;  // Of the values.
};

// Checks the call's arguments: a literal format string and what it takes. Nothing after an error and before the final pass.
[[nodiscard]] std::optional<Formatted> check_format(Use& use);

// Whether a text can only be one that stands in the script.
[[nodiscard]] bool is_script_text(const ast::Expression& expression);

}  // namespace sonde::sema::function
