// Calls of functions of imported C files, which the linker brings in.
#pragma once

#include "ast/ast.h"
#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

// The function, declared on first use: its arguments are i64, as they stand in registers.
[[nodiscard]] IrValue c_function(Module& module, const plan::CFunction& function);

[[nodiscard]] Value emit_c_call(Function& f, ast::Call& node);

}  // namespace sonde::codegen
