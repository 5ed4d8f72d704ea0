// Positional parameters: numbers or strings, as they read and as their neighbours want them.
#pragma once

#include "ast/ast.h"
#include "sema/session.h"

namespace sonde::sema {

// Makes `$1` a string, whatever it reads like. Anything else stays.
void take_text(Session& session, ast::Expression*& slot);

}  // namespace sonde::sema
