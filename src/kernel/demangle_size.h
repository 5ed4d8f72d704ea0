// How long a C++ name becomes.
#pragma once

#include <string_view>

namespace sonde::kernel {

// False if the name that this symbol of C++ (Itanium ABI) stands for is longer than anybody reads, which a symbol of a few hundred
// bytes can make several gigabytes; and if it is malformed.
[[nodiscard]] bool has_readable_name(std::string_view symbol);

}  // namespace sonde::kernel
