// What the code is generated for.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sonde::plan {

enum class Feature : std::uint8_t {
#define SONDE_FEATURE(Id, name, kernel, marker) Id,
#include "plan/features.def"
};

inline constexpr std::size_t kFeatureCount = 0
#define SONDE_FEATURE(Id, name, kernel, marker) +1
#include "plan/features.def"
    ;

struct FeatureRow {
  Feature id;
  std::string_view name;
  std::string_view min_kernel;
  std::string_view marker;
};
[[nodiscard]] const FeatureRow& feature_row(Feature feature);

enum class Arch : std::uint8_t { X86_64, Aarch64 };

struct Target {
  Arch arch = Arch::X86_64;
  std::uint32_t cpus = 1;  // Possible CPUs.
  std::bitset<kFeatureCount> features;
  // Offset in struct task_struct of thread_info.status, which tells (TS_COMPAT) that a system call is one of those of 32 bits;
  // x86. Known if a program looks at system calls and the kernel's BTF says so.
  std::optional<std::uint32_t> thread_status;
  [[nodiscard]] bool has(Feature feature) const {
    return features[static_cast<std::size_t>(feature)];
  }
};

}  // namespace sonde::plan
