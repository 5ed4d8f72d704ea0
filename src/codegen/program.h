// One BPF program of the plan.
#pragma once

#include "ast/ast.h"
#include "codegen/function.h"
#include "codegen/module.h"
#include "plan/plan.h"

namespace sonde::codegen {

// Goes to the end of the program unless `condition` holds.
void leave_unless(Function& f, IrValue condition);

// Prologue (pause, -p), predicate, body. `probe` is the code of `program`.
void emit_program(Module& module, const plan::BpfProgram& program, const ast::Probe& probe);

}  // namespace sonde::codegen
