// Arguments of a function at its return. A program at the entry, the keeper, puts them into a map; see
// plan::BpfProgram::entry_arguments.
#pragma once

#include "codegen/function.h"

namespace sonde::codegen {

// The whole body of a keeper.
void keep_arguments(Function& f);

// In a program of both ends (plan::runs_at_both_ends()), before its body: the code goes on at the entry; the block for the return.
[[nodiscard]] IrBlock branch_at_entry(Function& f);
// There, the same as the body of a keeper.
void keep_at_entry(Function& f);

// At a return: leaves, and counts a lost event, if nothing is kept for this call. At the start of the body.
void find_arguments(Function& f);
// Behind that, in a program with callbacks: lets them know the call.
void share_call(Function& f);
// At the end of a return's program: what is kept for this call is given up.
void forget_arguments(Function& f);

// Argument `index` of a kprobe's or uprobe's function, an i64, while the registers are those of its entry.
[[nodiscard]] IrValue argument_at_entry(Function& f, std::uint32_t index);

// As place_index(), wherever the code stands and shared with nothing.
[[nodiscard]] IrValue read_place_index(Function& f);

// Argument `index`, an i64; one of plan::BpfProgram::entry_arguments.
[[nodiscard]] IrValue kept_argument(Function& f, std::uint32_t index);

}  // namespace sonde::codegen
