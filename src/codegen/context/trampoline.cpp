// fentry and fexit: the context is an array of u64, the function's arguments and, for fexit, its result behind them. The
// arguments are typed (`args`); there is no arg0, arg1, ...
#include "codegen/access.h"
#include "codegen/context/context.h"

namespace sonde::codegen {
namespace {

Value result(Function& f, const types::Type* type) {
  const types::Type* args = f.attach_point().args;
  Place place;
  place.type = type;
  place.space = Space::Context;
  place.base = f.context;
  place.offset = args != nullptr ? args->size() : 0;
  return load(f, place);
}

}  // namespace

ContextAccess trampoline_access() { return {.argument = nullptr, .result = result}; }

}  // namespace sonde::codegen
