// `args` of functions of programs, which debug information describes.
#pragma once

#include <string>

#include "ast/ast.h"
#include "sema/session.h"

namespace sonde::sema {

// `args`, or what stands for it (`ctx` of an iterator).
[[nodiscard]] bool is_args(const ast::Expression& node);

// `args` are those of functions of programs.
[[nodiscard]] bool has_user_arguments(const ProbeFacts& probe);

// A parameter that the function has and that no probe can read; says why.
[[nodiscard]] bool is_missing_argument(Session& session, const ProbeFacts& probe,
                                       const ast::Member& node);

// At the return of a function of a program `args` are what the call was given: notes what must be kept, of one argument or, for
// nullptr, of all. False after an error.
[[nodiscard]] bool keep_arguments(Session& session, ProbeFacts& probe, const Location& where,
                                  const std::string* name);

}  // namespace sonde::sema
