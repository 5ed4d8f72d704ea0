// BPF programs of others that are in the way.
#pragma once

#include <cstdint>
#include <string>

namespace sonde::runtime {

// "program 34 'filter'", or "program 34" if it has no name.
[[nodiscard]] std::string describe_program(std::uint32_t id);

}  // namespace sonde::runtime
