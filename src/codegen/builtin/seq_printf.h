// printf() of programs whose output is a file of the kernel's: text that the kernel itself formats.
#pragma once

#include "ast/ast.h"
#include "codegen/function.h"

namespace sonde::codegen {

void emit_seq_printf(Function& f, ast::Call& call);

}  // namespace sonde::codegen
