#include "codegen/context/context.h"

#include <bit>

#include "codegen/context/entry_values.h"

namespace sonde::codegen {

const ContextAccess& context_access(plan::ProgramType type) {
  static const ContextAccess kContexts[] = {
#define SONDE_PROGRAM_TYPE(Id, name, section, return_section, kernel_type, attach_type, context, \
                           scratch, traits, result, kernel)                                      \
  context##_access(),
#include "plan/program_types.def"
  };
  return kContexts[static_cast<std::size_t>(type)];
}

ContextAccess nothing_access() { return {}; }

std::size_t place_limit(const Function& f) { return std::bit_ceil(f.program.attach_points.size()); }

// The runtime gives each place its index as the cookie. A mask is the bound that the verifier sees best.
IrValue read_place_index(Function& f) {
  const auto own = context_access(f.program.type).place;
  const IrValue index = own != nullptr ? own(f) : f.ir.call(Helper::GetAttachCookie, {f.context});
  return f.ir.binary(Op::And, f.ir.opaque(index), f.ir.i64(place_limit(f) - 1));
}

IrValue place_index(Function& f) {
  return f.once(f.place, [&] { return read_place_index(f); });
}

Value arguments(Function& f, const types::Type* type) {
  const auto own = context_access(f.program.type).arguments;
  if (own != nullptr) return own(f, type);
  Place place;
  place.type = type;
  place.space = Space::Context;
  place.base = f.context;
  return memory_value(type, place);
}

}  // namespace sonde::codegen
