// LLVM's optimiser and BPF back end, without PassBuilder and without native targets.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace llvm {
class Module;
class TargetMachine;
}  // namespace llvm

namespace sonde::codegen {

struct TargetMachineDeleter {
  void operator()(llvm::TargetMachine* machine) const;
};
using TargetMachinePtr = std::unique_ptr<llvm::TargetMachine, TargetMachineDeleter>;

// Little-endian BPF, cpu v3 (32-bit and atomic instructions; Linux 5.12 for the latter). Registers the target once.
[[nodiscard]] Result<TargetMachinePtr> create_target();

// Sets triple and data layout; before any code is made.
void prepare_module(llvm::Module& module, llvm::TargetMachine& target);

// A few passes that pay for themselves: as many instructions as all of -O2, in a fifth of its time.
void optimize(llvm::Module& module, llvm::TargetMachine& target);

enum class OutputKind { Object, Assembly };
// ELF bytes, or assembly text. The back end changes the module: this is the last thing to do with it.
[[nodiscard]] Result<std::string> emit(llvm::Module& module, llvm::TargetMachine& target,
                                       OutputKind kind);

// The same from a copy: the module stays as it is.
[[nodiscard]] Result<std::string> emit_copy(const llvm::Module& module, llvm::TargetMachine& target,
                                            OutputKind kind);

// Textual IR.
[[nodiscard]] std::string print(const llvm::Module& module);

// The verifier's complaint, "" if the module is well-formed.
[[nodiscard]] std::string verify(const llvm::Module& module);

}  // namespace sonde::codegen
