// Functions of the kernel that programs may call, kfuncs.
#pragma once

#include <string>

#include "plan/manifest.h"

namespace sonde::kernel {

// Whether programs of this type, bound to this target, may call the function `name` of the kernel or a module. Which sets of kfuncs
// a program reaches is told by no table that one could read, and some have a filter besides: the verifier is given a program that
// does nothing else. False if it does not get to see it (no privileges, no such function).
[[nodiscard]] bool kernel_call_allowed(const plan::BpfProgram& program, const std::string& name);

}  // namespace sonde::kernel
