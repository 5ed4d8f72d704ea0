// The hash that programs take of values, once more for user space.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sonde::types {

inline constexpr std::uint64_t kHashGolden =
    0x9e3779b97f4a7c15;  // 2^64 divided by the golden ratio.
inline constexpr std::uint64_t kHashFactors[] = {0xbf58476d1ce4e5b9, 0x94d049bb133111eb};

// Of whole words, in which all padding is 0. Different words of 8 bytes have different hashes; the zeros behind a text do not
// count.
[[nodiscard]] std::uint64_t hash_words(std::span<const std::byte> words);

}  // namespace sonde::types
