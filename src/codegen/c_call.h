// Calls of functions of imported C files, which the linker brings in.
#pragma once

#include "ast/ast.h"
#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

[[nodiscard]] Value emit_c_call(Function& f, ast::Call& node);

}  // namespace sonde::codegen
