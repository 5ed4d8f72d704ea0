#include "runtime/decode_top.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "types/hash.h"

namespace sonde::runtime {
namespace {

using types::Type;

// What the CPUs have kept of one key.
struct Kept {
  std::uint64_t value = 0;
  std::uint64_t error = 0;
  std::uint64_t floors = 0;  // Of those CPUs.
};

struct Sum {
  std::unordered_map<std::string_view, Kept> keys;  // By their bytes.
  std::uint64_t total = 0;
  std::uint64_t floors = 0;   // What a key that no CPU has kept may have come to.
  std::uint64_t unknown = 0;  // Of keys that nobody knows, which may be any.
};

// As the programs add: what does not fit stays at the largest.
std::uint64_t sum_of(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::uint64_t>::max() : sum;
}

Bytes counter_of(Bytes value, std::uint32_t index) {
  constexpr std::size_t kCounter = std::size_t{8} * types::kTopCounterWords;
  return value.subspan(std::size_t{8} * types::kTopHeader + kCounter * index, kCounter);
}

Bytes key_of(const Type& type, Bytes value, std::uint32_t index) {
  const std::size_t size = type.top_key_bytes();
  return value.subspan(type.top_keys_offset() + size * index, size);
}

std::uint64_t word(Bytes counter, types::TopCounterWord index) {
  return read_u64(counter, std::size_t{8} * index);
}

// The least value of its counters if all are in use, else 0: a key that it does not have came to no more.
std::uint64_t floor_of(const Type& type, Bytes value) {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  for (std::uint32_t i = 0; i < type.top_counters(); ++i)
    least = std::min(least, word(counter_of(value, i), types::kTopValue));
  return least;
}

// A counter that was read while a program gave it to another key has a hash that is not its key's.
void add_cpu(const Type& type, Bytes value, Sum& sum) {
  const std::uint64_t missed = read_u64(value, std::size_t{8} * types::kTopMissed);
  const std::uint64_t floor = floor_of(type, value);
  sum.total = sum_of(sum.total, sum_of(read_u64(value, std::size_t{8} * types::kTopTotal), missed));
  sum.unknown = sum_of(sum.unknown, missed);
  sum.floors = sum_of(sum.floors, floor);
  for (std::uint32_t i = 0; i < type.top_counters(); ++i) {
    const Bytes counter = counter_of(value, i);
    const std::uint64_t count = word(counter, types::kTopValue);
    if (count == 0) continue;
    const Bytes key = key_of(type, value, i);
    if (types::hash_words(key) != word(counter, types::kTopHash)) {
      sum.unknown = sum_of(sum.unknown, count);
      continue;
    }
    Kept& kept = sum.keys[{reinterpret_cast<const char*>(key.data()), key.size()}];
    kept.value = sum_of(kept.value, count);
    kept.error = sum_of(kept.error, std::min(count, word(counter, types::kTopError)));
    kept.floors = sum_of(kept.floors, floor);
  }
}

}  // namespace

output::Value decode_top(const Type& type, Bytes bytes, Names& names) {
  Sum sum;
  for (std::size_t at = 0; at + type.size() <= bytes.size(); at += type.size())
    add_cpu(type, bytes.subspan(at, type.size()), sum);
  struct Candidate {
    std::string_view key;
    std::uint64_t value;
    std::uint64_t at_most;
  };
  std::vector<Candidate> all;
  for (const auto& [key, kept] : sum.keys)
    all.push_back({key, kept.value - kept.error,
                   sum_of(sum_of(kept.value, sum.floors - kept.floors), sum.unknown)});
  const auto larger = [](const Candidate& a, const Candidate& b) {
    if (a.value != b.value) return a.value > b.value;
    return a.at_most != b.at_most ? a.at_most > b.at_most : a.key < b.key;
  };
  const std::size_t shown = std::min<std::size_t>(all.size(), type.top_shown());
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), all.end(),
                    larger);
  output::TopValue top{.total = sum.total, .keys = {}};
  for (std::size_t i = 0; i < shown; ++i) {
    const Bytes key{reinterpret_cast<const std::byte*>(all[i].key.data()), all[i].key.size()};
    const double share = 100.0 * static_cast<double>(all[i].value) / static_cast<double>(sum.total);
    top.keys.push_back({decode(*type.element(), key, names), all[i].value, all[i].at_most, share});
  }
  return {std::move(top)};
}

}  // namespace sonde::runtime
