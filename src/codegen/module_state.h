// What a module is made of, for the files that make it. Only they see it, and LLVM's headers.
#pragma once

#include <llvm/IR/GlobalVariable.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "codegen/ir_state.h"
#include "codegen/maps.h"
#include "codegen/module.h"

namespace sonde::codegen {

// Of the script, for code that comes from no place in it.
[[nodiscard]] diag::Location first_location(const plan::Manifest& manifest);

struct Module::State {
  State(const plan::Manifest& manifest, const diag::Sources& sources)
      : module("sonde", context), ir(context), debug(module, sources, first_location(manifest)) {
    context.setDiscardValueNames(true);
  }

  llvm::GlobalVariable* global(const std::string& name, llvm::Constant* value, const char* section,
                               bool is_constant, llvm::GlobalValue::LinkageTypes linkage);
  // A u64 in ".data", which the runtime sees.
  llvm::GlobalVariable* shared_word(llvm::GlobalVariable*& slot, const char* name);
  llvm::GlobalVariable* map(llvm::GlobalVariable*& slot, const char* name) {
    if (slot == nullptr) slot = declare_map(module, name);
    return slot;
  }

  llvm::LLVMContext context;
  llvm::Module module;
  Ir ir;
  DebugInfo debug;
  std::vector<llvm::GlobalVariable*> script_maps;
  std::vector<llvm::GlobalVariable*> second_maps;  // Null for maps that have none.
  llvm::GlobalVariable* generations = nullptr;
  llvm::GlobalVariable* ring = nullptr;
  llvm::GlobalVariable* control = nullptr;
  llvm::GlobalVariable* kept = nullptr;
  llvm::GlobalVariable* packets = nullptr;
  std::uint32_t kept_bytes = 0;  // Of the largest record that is kept.
  llvm::GlobalVariable* stacks = nullptr;
  llvm::GlobalVariable* deep_stacks = nullptr;
  llvm::GlobalVariable* execs = nullptr;
  llvm::GlobalVariable* lost = nullptr;
  llvm::GlobalVariable* scratch = nullptr;
  std::map<std::string, llvm::GlobalVariable*, std::less<>> entry_maps;
  llvm::GlobalVariable* pids = nullptr;
  llvm::GlobalVariable* cgroup = nullptr;
  llvm::GlobalVariable* constants = nullptr;
  llvm::GlobalVariable* paused = nullptr;
  llvm::GlobalVariable* exit_word = nullptr;
  std::map<std::string, llvm::GlobalVariable*, std::less<>> literals;
  std::map<std::string, std::uint32_t, std::less<>> scratch_groups;
  std::uint32_t scratch_elements = 0;
  std::uint32_t scratch_bytes = 0;
  std::uint32_t callbacks = 0;
  std::uint32_t flags = 0;
  IrValue count_loss = nullptr;
  std::map<std::string, IrValue> shared;
  std::deque<plan::Action> late_actions;
};

}  // namespace sonde::codegen
