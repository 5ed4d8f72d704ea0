#include "codegen/kept.h"

#include "codegen/function.h"

namespace sonde::codegen {

Kept keep(Function& program, std::uint32_t size) {
  size = (size + 7) / 8 * 8;
  if (program.shared.depth == 0) {
    if (const auto memory = program.stack.lasting_large(size))
      return {.stack = memory->pointer, .scratch = 0};
  }
  const std::uint32_t offset = program.scratch.reserve(size);
  program.scratch.keep();
  return {.stack = nullptr, .scratch = offset};
}

Memory kept(Function& f, const Kept& where) {
  return where.stack != nullptr ? Memory{where.stack, 8} : f.scratch.at(where.scratch);
}

}  // namespace sonde::codegen
