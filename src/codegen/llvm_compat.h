// What differs between LLVM 19 and 22, in one place. For files that include LLVM anyway.
#pragma once

#include <llvm/Config/llvm-config.h>
#include <llvm/IR/DIBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/Target/TargetOptions.h>
#include <llvm/TargetParser/Triple.h>

#include <optional>
#include <string>

namespace sonde::codegen::compat {

inline constexpr const char* kTriple = "bpfel";

inline const llvm::Target* lookup_target(std::string& error) {
#if LLVM_VERSION_MAJOR >= 22
  return llvm::TargetRegistry::lookupTarget(llvm::Triple(kTriple), error);
#else
  return llvm::TargetRegistry::lookupTarget(kTriple, error);
#endif
}

inline llvm::TargetMachine* create_target_machine(const llvm::Target& target, llvm::StringRef cpu) {
  const llvm::TargetOptions options;
#if LLVM_VERSION_MAJOR >= 21
  return target.createTargetMachine(llvm::Triple(kTriple), cpu, "", options, llvm::Reloc::PIC_);
#else
  return target.createTargetMachine(kTriple, cpu, "", options, llvm::Reloc::PIC_);
#endif
}

inline void set_triple(llvm::Module& module) {
#if LLVM_VERSION_MAJOR >= 21
  module.setTargetTriple(llvm::Triple(kTriple));
#else
  module.setTargetTriple(kTriple);
#endif
}

inline llvm::DICompileUnit* create_compile_unit(llvm::DIBuilder& builder, llvm::DIFile* file) {
  // DebugDirectivesOnly gives the back end all it needs for BTF and line info, and no DWARF sections.
  constexpr auto kEmission = llvm::DICompileUnit::DebugDirectivesOnly;
#if LLVM_VERSION_MAJOR >= 22
  return builder.createCompileUnit(llvm::DISourceLanguageName(llvm::dwarf::DW_LANG_C), file,
                                   "sonde", true, "", 0, "", kEmission);
#else
  return builder.createCompileUnit(llvm::dwarf::DW_LANG_C, file, "sonde", true, "", 0, "",
                                   kEmission);
#endif
}

}  // namespace sonde::codegen::compat
