// The view of the running machine.
#pragma once

#include <bitset>
#include <memory>
#include <string>

#include "kernel/target_files.h"
#include "kernel/view.h"

namespace sonde::kernel {

using FeatureSet = std::bitset<plan::kFeatureCount>;

// Opens nothing before it is asked. `types` must outlive the view and every type that it hands out. `btf_file` is read
// instead of /sys/kernel/btf/vmlinux and all modules; "" for those of the running kernel. Features of `without` count as
// missing. Files are those of `scope`'s processes.
[[nodiscard]] std::unique_ptr<View> make_live_view(types::Context& types,
                                                   const std::string& btf_file = {},
                                                   FeatureSet without = {},
                                                   ProcessScope scope = {});

}  // namespace sonde::kernel
