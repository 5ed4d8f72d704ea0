// rawtracepoint: the context is an array of u64, the tracepoint's arguments as the kernel passes them.
#include "codegen/context/context.h"

namespace sonde::codegen {
namespace {

IrValue argument(Function& f, std::uint32_t index) {
  return f.ir.load(64, f.ir.offset(f.context, std::int64_t{8} * index), 8, Volatile::Yes);
}

}  // namespace

// The program and bpf_trace_runN(), to which __bpf_trace_NAME() jumps.
ContextAccess slots_access() { return {.argument = argument, .own_frames = 2}; }

}  // namespace sonde::codegen
