// Bytes of an event or a map + their type -> output::Value.
#pragma once

#include <cstddef>
#include <span>

#include "output/value.h"
#include "runtime/names.h"
#include "types/type.h"

namespace sonde::runtime {

using Bytes = std::span<const std::byte>;

// `bytes` starts with the value and holds at least type.size() of them. Aggregations are decoded from merged values
// (merge.h), for which the layout is that of one CPU.
[[nodiscard]] output::Value decode(const types::Type& type, Bytes bytes, Names& names);

// An integer of `bits` (8 to 64), sign-extended if `is_signed`.
[[nodiscard]] std::uint64_t read_integer(Bytes bytes, std::uint32_t bits, bool is_signed);
[[nodiscard]] std::uint64_t read_u64(Bytes bytes, std::size_t offset);

}  // namespace sonde::runtime
