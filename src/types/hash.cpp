#include "types/hash.h"

#include <cstring>

namespace sonde::types {
namespace {

// The finalizer of SplitMix64: each bit of the result hangs on all bits. 0 stays 0.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * kHashFactors[0];
  x = (x ^ (x >> 27)) * kHashFactors[1];
  return x ^ (x >> 31);
}

}  // namespace

std::uint64_t hash_words(std::span<const std::byte> words) {
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at + 8 <= words.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, words.data() + at, sizeof word);
    sum += mix(word) * (at * kHashGolden | 1);
  }
  return mix(sum + kHashGolden);
}

}  // namespace sonde::types
