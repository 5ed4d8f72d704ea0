// Functions of the kernel that are called as helpers are, by a number of their own.
#pragma once

#include "codegen/helpers.h"

namespace sonde::codegen {

#define SONDE_KERNEL_CALL(Id, number, name, kernel) \
  inline constexpr Helper k##Id = static_cast<Helper>(number);
#include "plan/kernel_calls.def"

}  // namespace sonde::codegen
