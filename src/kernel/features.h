// What the running kernel can do, by the markers of plan/features.def.
#pragma once

#include "kernel/kernel_btf.h"
#include "plan/target.h"

namespace sonde::kernel {

// By BTF, which shows backports and disabled options; without BTF by the kernel's version alone.
[[nodiscard]] bool kernel_has(plan::Feature feature, KernelBtf& btf);

// True if release ("6.1.0-18-amd64") is at least minimum ("5.15").
[[nodiscard]] bool is_at_least(std::string_view release, std::string_view minimum);

// Number of possible CPUs, as the kernel sizes per-CPU values; 1 if sysfs does not tell.
[[nodiscard]] std::uint32_t possible_cpu_count();
// The count of a CPU list: "0-3,8" is 5. 0 if it is malformed.
[[nodiscard]] std::uint32_t count_cpu_list(std::string_view list);

}  // namespace sonde::kernel
