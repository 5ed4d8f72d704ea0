// Where stacks are kept: plan::kStackMap and plan::kDeepStackMap.
#pragma once

#include <cstdint>

#include "codegen/module.h"

namespace sonde::codegen {

// The globals of the maps that a module uses; null for the others.
struct StackMaps {
  llvm::GlobalVariable* stacks = nullptr;
  llvm::GlobalVariable* deep_stacks = nullptr;
  llvm::GlobalVariable* execs = nullptr;
};
void define_stack_maps(DebugInfo& debug, const plan::Manifest& manifest, const StackMaps& maps);

// Words of the buffer, and of the element, for stacks of up to `limit` frames.
[[nodiscard]] std::uint32_t stack_words(std::uint32_t limit);

// u64 f(u64 *frames, u64 count): the id of the stack, which is added if it is new; 0 if that cannot be done, which is counted.
// `frames` has room for `words`, see stack_words(), and zeros behind the first `count`, which is not 0. Made on first use.
[[nodiscard]] IrValue keep_stack_function(Module& module, std::uint32_t words);

}  // namespace sonde::codegen
