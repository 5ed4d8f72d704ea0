// The current thread's ids.
#pragma once

#include "codegen/function.h"

namespace sonde::codegen {

// Process id (tgid) in the upper, thread id in the lower 32 bits, as sonde's own pid namespace numbers them.
[[nodiscard]] IrValue pid_tgid(Function& f);
// Process id, as an i64.
[[nodiscard]] IrValue process_id(Function& f);

// For user addresses, see plan::process_word(); an i64.
[[nodiscard]] IrValue process_word(Function& f);

// A field of plan::Constants.
[[nodiscard]] IrValue constant_field(Function& f, std::uint32_t offset, std::uint32_t bits);

}  // namespace sonde::codegen
