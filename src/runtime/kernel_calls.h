// Calls of plan/kernel_calls.def in a program that is about to be loaded.
#pragma once

#include "base/result.h"
#include "kernel/tracing_target.h"

struct bpf_program;

namespace sonde::runtime {

// Puts the ids of the running kernel's functions in place of the numbers. An error if it has no such function.
[[nodiscard]] Result<void> bind_kernel_calls(bpf_program* program, kernel::TracingTargets& targets);

}  // namespace sonde::runtime
