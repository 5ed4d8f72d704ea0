#include "codegen/context/context.h"

#include "base/check.h"

namespace sonde::codegen {
namespace {

const ContextAccess kNothing{};

}  // namespace

const ContextAccess& context_access(plan::ProgramType type) {
  static const ContextAccess raw_tracepoint = raw_tracepoint_access();
  static const ContextAccess registers = registers_access();
  static const ContextAccess trampoline = trampoline_access();
  switch (type) {
    case plan::ProgramType::RawTracepoint:
    case plan::ProgramType::TracingRaw: return raw_tracepoint;
    case plan::ProgramType::Kprobe:
    case plan::ProgramType::UprobeMulti: return registers;
    case plan::ProgramType::Fentry:
    case plan::ProgramType::Fexit: return trampoline;
    case plan::ProgramType::Tracepoint:
    case plan::ProgramType::PerfEvent: return kNothing;
  }
  SONDE_UNREACHABLE();
}

Value arguments(Function& f, const types::Type* type) {
  Place place;
  place.type = type;
  place.space = Space::Context;
  place.base = f.context;
  return memory_value(type, place);
}

}  // namespace sonde::codegen
