// Names that mean nothing: what the user may have had in mind.
#pragma once

#include <string>
#include <string_view>

#include "ast/ast.h"
#include "sema/session.h"

namespace sonde::sema {

void report_unknown(Session& session, const ast::Call& node);
// `is_compared_with_text`: it stands beside `==` and a string, where quotes are forgotten.
void report_unknown(Session& session, const ProbeFacts& probe, const ast::Identifier& node,
                    bool is_compared_with_text);

// "did you mean 'pid'?" for `$pid` and `@pid`; "" if there is no such builtin.
[[nodiscard]] std::string hint_for_sigil(std::string_view name);

}  // namespace sonde::sema
