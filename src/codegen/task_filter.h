// The filters of the command line: which processes the programs run for.
#pragma once

#include "codegen/function.h"

namespace sonde::codegen {

// Leaves the program unless the current thread is one that the run is about. What is not asked for leaves no code.
void emit_task_filter(Function& f);

// The bodies of manifest.watchers, see plan::add_watchers().
void emit_watchers(Module& module);

}  // namespace sonde::codegen
