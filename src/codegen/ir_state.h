// The inside of Ir, for the files that make LLVM's objects themselves.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include "codegen/ir.h"

namespace sonde::codegen {

struct Ir::State {
  explicit State(llvm::LLVMContext& context) : builder(context) {}
  llvm::IRBuilder<> builder;
  llvm::BasicBlock* entry = nullptr;  // Holds the stack slots of the current function.
};

}  // namespace sonde::codegen
