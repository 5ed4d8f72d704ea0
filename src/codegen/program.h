// One BPF program of the plan.
#pragma once

#include "ast/ast.h"
#include "codegen/function.h"
#include "codegen/module.h"
#include "plan/plan.h"

namespace sonde::codegen {

// Goes to the end of the program unless `condition` holds.
void leave_unless(Function& f, IrValue condition);

// Prologue (pause, -p), predicate, body, of the program of the plan with this index.
void emit_program(Module& module, std::size_t index);

}  // namespace sonde::codegen
