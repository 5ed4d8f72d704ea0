// Several BPF objects made one.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/c_object.h"

namespace sonde::runtime {

// The script's object and those of the C files that it imports, by libbpf's static linker (0.2 to 0.5 ms). Fails with
// libbpf's words if they do not go together.
[[nodiscard]] Result<std::string> link_objects(const std::string& script,
                                               const std::vector<const plan::CObject*>& files);

}  // namespace sonde::runtime
