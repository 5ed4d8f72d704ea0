#pragma once

#include "codegen/function.h"

namespace sonde::codegen {

// Number of frames of the current stack of `type` (kernel or user, with its limit), as an i64.
[[nodiscard]] IrValue stack_depth(Function& f, const types::Type& type);

}  // namespace sonde::codegen
