#include "codegen/context/context.h"

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

Value arguments(Function& f, const types::Type* type) {
  Place place;
  place.type = type;
  place.space = Space::Context;
  place.base = f.context;
  return memory_value(type, place);
}

}  // namespace sonde::codegen
