#include "codegen/backend.h"
#include "codegen/llvm_compat.h"

// Declared by hand: llvm/Support/TargetSelect.h would bring in the target of the host too.
extern "C" {
void LLVMInitializeBPFTargetInfo();
void LLVMInitializeBPFTarget();
void LLVMInitializeBPFTargetMC();
void LLVMInitializeBPFAsmPrinter();
}

namespace sonde::codegen {

void TargetMachineDeleter::operator()(llvm::TargetMachine* machine) const { delete machine; }

Result<TargetMachinePtr> create_target() {
  static const bool registered = [] {
    LLVMInitializeBPFTargetInfo();
    LLVMInitializeBPFTarget();
    LLVMInitializeBPFTargetMC();
    LLVMInitializeBPFAsmPrinter();
    return true;
  }();
  static_cast<void>(registered);
  std::string error;
  const llvm::Target* target = compat::lookup_target(error);
  if (target == nullptr) return fail("LLVM has no BPF target: " + error);
  return TargetMachinePtr(compat::create_target_machine(*target, "v3"));
}

void prepare_module(llvm::Module& module, llvm::TargetMachine& target) {
  compat::set_triple(module);
  module.setDataLayout(target.createDataLayout());
}

}  // namespace sonde::codegen
