// A view with made-up facts, the same everywhere: tests of resolve, sema and codegen run on it as any user.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "kernel/view.h"
#include "plan/target.h"

namespace sonde::kernel {

// What differs from the usual fixture: x86_64, 4 CPUs, all features but those that keep kprobe and kretprobe blocks apart,
// everything readable.
struct FixtureOptions {
  std::bitset<plan::kFeatureCount> missing_features{
      (std::uint64_t{1} << static_cast<std::size_t>(plan::Feature::ReturnPool)) |
      (std::uint64_t{1} << static_cast<std::size_t>(plan::Feature::EntriesApart))};
  bool has_tracefs = true;  // False: tracepoints fail as without privileges.
  bool has_btf = true;
  bool has_process = false;  // True: -p names a process that has mapped /bin/prog and libc.
  bool refuses_fentry = false;
  bool has_compiler = true;  // False: no C compiler is installed.
  plan::Arch arch = plan::Arch::X86_64;
};

// `types` must outlive the view; the view must outlive the last use of its records.
[[nodiscard]] std::unique_ptr<View> make_fixture_view(types::Context& types,
                                                      const FixtureOptions& options = {});

}  // namespace sonde::kernel
