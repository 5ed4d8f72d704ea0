#include <fmt/format.h>
#include <llvm/Support/ErrorHandling.h>
#include <unistd.h>

#include <cstdio>

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
namespace {

// LLVM has no other way to say that a function is too large for BPF's 16-bit jumps ("Branch target out of insn range"), and
// would abort. Nothing is loaded or attached yet, so leaving is safe.
[[noreturn]] void report_fatal_error(void*, const char* reason, bool) {
  fmt::print(stderr,
             "ERROR: a block of the script is too large for a BPF program: {}\n"
             "HINT: split the probe into several blocks\n",
             reason);
  std::fflush(nullptr);
  _exit(1);
}

}  // namespace

void TargetMachineDeleter::operator()(llvm::TargetMachine* machine) const { delete machine; }

Result<TargetMachinePtr> create_target() {
  static const bool registered = [] {
    llvm::install_fatal_error_handler(report_fatal_error);
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
