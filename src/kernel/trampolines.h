// Whether BPF programs may be attached to functions of the kernel.
#pragma once

namespace sonde::kernel {

// True if the kernel loads tracing programs, but none for its functions: lockdown, or a kernel that was built so. No file tells,
// so a program that does nothing is tried. False if the caller may load none at all.
[[nodiscard]] bool refuses_trampolines();

}  // namespace sonde::kernel
