// Keeps LLVM's PassBuilder, and with it every optimisation pass there is, out of a static program: 148 static initialisers
// and half of the command-line options that LLVM registers before main() would serve passes that optimize() never runs.
// BPFTargetMachine names one function of it, in a hook that only a PassBuilder calls. Defined here, in an archive that comes
// before LLVM's, it is found before PassBuilder.cpp.
#include <llvm/Passes/PassBuilder.h>

#include "base/check.h"

llvm::Expected<bool> llvm::PassBuilder::parseSinglePassOption(StringRef /*parameters*/,
                                                              StringRef /*option*/,
                                                              StringRef /*pass*/) {
  SONDE_UNREACHABLE();
}
