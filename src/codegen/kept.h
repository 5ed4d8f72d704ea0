// Memory that a program keeps while it runs, and that its callbacks reach too: on its stack if it has none, else in scratch
// memory.
#pragma once

#include <cstdint>

#include "codegen/value.h"

namespace sonde::codegen {

class Function;

struct Kept {
  IrValue stack = nullptr;
  std::uint32_t scratch = 0;
};

// To be called by a program after prepare_callbacks().
[[nodiscard]] Kept keep(Function& program, std::uint32_t size);
[[nodiscard]] Memory kept(Function& f, const Kept& where);

}  // namespace sonde::codegen
