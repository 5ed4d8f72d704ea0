#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include <fmt/format.h>

#include "codegen/backend.h"
#include "codegen/llvm_compat.h"

namespace sonde::codegen {
namespace {

// Collects what the back end cannot lower. It reports the limit of the BPF stack as a warning, but the kernel would refuse
// the program: an error for us.
struct Complaints : llvm::DiagnosticHandler {
  explicit Complaints(std::string& t) : text(t) {}
  bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
    const bool stack =
        info.getKind() == llvm::DK_Unsupported || info.getKind() == llvm::DK_StackSize;
    if (info.getSeverity() != llvm::DS_Error && !stack) return true;
    if (!text.empty()) return true;  // The first one tells enough.
    llvm::raw_string_ostream stream(text);
    llvm::DiagnosticPrinterRawOStream printer(stream);
    info.print(printer);
    return true;
  }
  std::string& text;
};

}  // namespace

Result<std::string> emit(llvm::Module& module, llvm::TargetMachine& target, OutputKind kind) {
  std::string complaint;
  module.getContext().setDiagnosticHandler(std::make_unique<Complaints>(complaint));
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  const auto file_type = kind == OutputKind::Object ? llvm::CodeGenFileType::ObjectFile
                                                    : llvm::CodeGenFileType::AssemblyFile;
  constexpr bool kSkipVerify = true;
  if (target.addPassesToEmitFile(passes, stream, nullptr, file_type, kSkipVerify)) {
    return fail("LLVM cannot emit BPF code");
  }
  passes.run(module);
  if (!complaint.empty()) return fail("generate code: " + complaint);
  return std::string(bytes.begin(), bytes.end());
}

Result<std::string> emit_copy(const llvm::Module& module, llvm::TargetMachine& target,
                              OutputKind kind) {
  const std::unique_ptr<llvm::Module> copy = llvm::CloneModule(module);
  return emit(*copy, target, kind);
}

std::string print(const llvm::Module& module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream, nullptr);
  return text;
}

std::string verify(const llvm::Module& module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  return llvm::verifyModule(module, &stream) ? text : std::string();
}

}  // namespace sonde::codegen
