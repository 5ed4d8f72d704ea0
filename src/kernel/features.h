// What the running kernel can do, by the markers of plan/features.def.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "kernel/kernel_btf.h"
#include "plan/target.h"

namespace sonde::kernel {

// By BTF, which shows backports and disabled options; without BTF by the kernel's version alone.
[[nodiscard]] bool kernel_has(plan::Feature feature, KernelBtf& btf);

// True if release ("6.1.0-18-amd64") is at least minimum ("5.15").
[[nodiscard]] bool is_at_least(std::string_view release, std::string_view minimum);

// CPUs that could ever be online. Their ids may have gaps.
struct PossibleCpus {
  std::uint32_t count =
      0;  // num_possible_cpus(): copies of a per-CPU value that bpf() hands out, without gaps.
  std::uint32_t id_limit = 0;  // nr_cpu_ids: one more than the highest id.
};
// Of this machine, from /sys/devices/system/cpu/possible.
[[nodiscard]] Result<PossibleCpus> possible_cpus();
// Of a CPU list: "0-3,8" is {5, 9}. Zeros if it is malformed.
[[nodiscard]] PossibleCpus parse_possible_cpus(std::string_view list);

}  // namespace sonde::kernel
