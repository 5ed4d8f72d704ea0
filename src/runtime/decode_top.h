// What top() has kept, of all CPUs.
#pragma once

#include "runtime/decode.h"

namespace sonde::runtime {

// `bytes`: the values of the CPUs, one behind the other.
[[nodiscard]] output::Value decode_top(const types::Type& type, Bytes bytes, Names& names);

}  // namespace sonde::runtime
