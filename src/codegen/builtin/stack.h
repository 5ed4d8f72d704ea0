#pragma once

#include "codegen/function.h"

namespace sonde::codegen {

// Number of frames of `stack`, a value of type kstack or ustack, as an i64.
[[nodiscard]] IrValue stack_depth(Function& f, const Value& stack);

}  // namespace sonde::codegen
