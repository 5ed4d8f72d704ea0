// Per-CPU partial results -> one value. Pure functions on bytes.
#pragma once

#include <cstddef>
#include <vector>

#include "runtime/decode.h"
#include "types/type.h"

namespace sonde::runtime {

// Bytes between the values of two CPUs in what the kernel copies out of a per-CPU map.
[[nodiscard]] constexpr std::size_t per_cpu_stride(std::size_t value_size) {
  return (value_size + 7) / 8 * 8;
}

struct Merged {
  bool is_set = false;           // Some CPU has contributed.
  std::vector<std::byte> bytes;  // Laid out as one CPU's value, without plan::kScalarHeader.
};

// `all` holds one value per possible CPU, per_cpu_stride() apart; with `has_header` each one starts with
// plan::kScalarHeader.
[[nodiscard]] Merged merge(const types::Type& type, Bytes all, bool has_header);

}  // namespace sonde::runtime
