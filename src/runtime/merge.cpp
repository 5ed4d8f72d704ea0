#include "runtime/merge.h"

#include <cstring>

#include "plan/manifest.h"

namespace sonde::runtime {
namespace {

using types::Type;
using types::TypeKind;

void write_u64(std::vector<std::byte>& bytes, std::size_t offset, std::uint64_t value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

// count, sum, avg, stats and histograms: every word is a total.
void add_words(std::vector<std::byte>& into, Bytes from) {
  for (std::size_t at = 0; at + 8 <= into.size(); at += 8) {
    write_u64(into, at, read_u64(into, at) + read_u64(from, at));
  }
}

bool less(const Type& type, std::uint64_t a, std::uint64_t b) {
  if (type.is_signed()) return static_cast<std::int64_t>(a) < static_cast<std::int64_t>(b);
  return a < b;
}

// min and max: {value, is_set}.
void keep_extreme(const Type& type, std::vector<std::byte>& into, Bytes from) {
  if (read_u64(from, 8) == 0) return;
  const std::uint64_t ours = read_u64(into, 0);
  const std::uint64_t theirs = read_u64(from, 0);
  const bool is_unset = read_u64(into, 8) == 0;
  const bool better = type.is(TypeKind::Min) ? less(type, theirs, ours) : less(type, ours, theirs);
  if (is_unset || better) std::memcpy(into.data(), from.data(), 16);
}

void merge_one(const Type& type, Merged& merged, Bytes from) {
  if (type.is(TypeKind::Min) || type.is(TypeKind::Max)) {
    keep_extreme(type, merged.bytes, from);
  } else if (type.is_aggregation()) {
    add_words(merged.bytes, from);
  } else if (!merged.is_set) {
    std::memcpy(merged.bytes.data(), from.data(), merged.bytes.size());
  }
}

}  // namespace

Merged merge(const Type& type, Bytes all, bool has_header) {
  const std::size_t header = has_header ? plan::kScalarHeader : 0;
  const std::size_t stride = per_cpu_stride(type.size() + header);
  Merged merged;
  merged.bytes.resize(type.size());
  for (std::size_t at = 0; at + stride <= all.size(); at += stride) {
    if (has_header && read_u64(all, at) == 0) continue;
    merge_one(type, merged, all.subspan(at + header, type.size()));
    merged.is_set = true;
  }
  return merged;
}

}  // namespace sonde::runtime
