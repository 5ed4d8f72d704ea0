// The text of one attach point -> its pieces.
#pragma once

#include <string_view>

#include "ast/ast.h"

namespace sonde::parser {

// Splits at the colons outside of double quotes; `where` is the place of `text`. Never fails: what the pieces must be is
// the probe kind's affair.
[[nodiscard]] ast::AttachPoint split_attach_point(std::string_view text,
                                                  const diag::Location& where);

}  // namespace sonde::parser
