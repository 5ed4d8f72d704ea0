// Arguments and results of functions of programs, where debug information says that they lie.
#pragma once

#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

// True if `args` of this program are of that kind.
[[nodiscard]] bool has_user_arguments(const Function& f);
// The argument of that name, which `args` has.
[[nodiscard]] Place user_argument(Function& f, const std::string& name);
// All of `args`, as its record lays them out.
void read_user_arguments(Function& f, const Memory& to);
// The result of the function, at its return.
[[nodiscard]] Place user_result(Function& f);

}  // namespace sonde::codegen
