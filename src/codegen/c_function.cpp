#include <llvm/IR/Function.h>
#include <llvm/IR/Module.h>

#include "codegen/c_call.h"
#include "codegen/module.h"
#include "plan/c_object.h"

namespace sonde::codegen {

IrValue c_function(Module& module, const plan::CFunction& function) {
  llvm::Module& llvm = module.llvm();
  if (llvm::Function* known = llvm.getFunction(function.name)) return known;
  llvm::Type* number = llvm::Type::getInt64Ty(llvm.getContext());
  const llvm::SmallVector<llvm::Type*, 5> parameters(function.parameters.size(), number);
  auto* declared = llvm::Function::Create(llvm::FunctionType::get(number, parameters, false),
                                          llvm::GlobalValue::ExternalLinkage, function.name, llvm);
  declared->addFnAttr(llvm::Attribute::NoUnwind);
  module.debug().describe_c_function(*declared, function);
  return declared;
}

}  // namespace sonde::codegen
