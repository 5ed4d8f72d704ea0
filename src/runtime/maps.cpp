#include "runtime/maps.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <vector>

#include "runtime/decode.h"
#include "runtime/merge.h"

namespace sonde::runtime {
namespace {

// A batch is a whole number of buckets: it grows when one bucket holds more.
constexpr std::size_t kFirstBatch = 1024;           // Entries.
constexpr std::size_t kFirstBatchBytes = 1U << 20;  // Large keys on many CPUs would need gigabytes.

std::size_t round_up8(std::size_t size) { return (size + 7) / 8 * 8; }

// Not ENOTSUPP of <errno.h>, which the kernel leaks to user space for map types without batch operations.
constexpr int kKernelNotSupported = 524;

}  // namespace

MapAccess::MapAccess(const plan::Map& map, int fd, std::uint32_t cpus, std::uint32_t element)
    : map_(map), fd_(fd), cpus_(cpus), element_(element),
      key_size_(map.is_scalar() ? sizeof(std::uint32_t) : map.key->size()),
      value_size_(map.value_size()),
      copy_size_(map.is_per_cpu() ? round_up8(value_size_) * cpus : value_size_) {}

Error MapAccess::error(const char* action, int code) const {
  return {std::string(action) + " map " + map_.name, code, ""};
}

Result<MapAccess::RawEntries> MapAccess::read_scalar() const {
  RawEntries entries;
  entries.values.resize(copy_size_);
  if (::bpf_map_lookup_elem(fd_, &element_, entries.values.data()) != 0) {
    return std::unexpected(error("read", errno));
  }
  entries.count = 1;
  return entries;
}

std::uint32_t MapAccess::first_batch() const {
  const std::size_t fitting = kFirstBatchBytes / (key_size_ + copy_size_);
  const std::size_t wanted = std::min<std::size_t>({kFirstBatch, fitting, map_.max_entries});
  return static_cast<std::uint32_t>(std::max<std::size_t>(wanted, 1));
}

Result<MapAccess::RawEntries> MapAccess::read_in_batches() const {
  RawEntries entries;
  std::uint32_t batch = first_batch();
  // The cursor is opaque: for hashes a bucket number, for others a key.
  std::vector<std::byte> cursor(std::max<std::size_t>(key_size_, 8));
  std::vector<std::byte> next(cursor.size());
  bool first = true;
  while (true) {
    entries.keys.resize((entries.count + batch) * key_size_);
    entries.values.resize((entries.count + batch) * copy_size_);
    __u32 count = batch;
    const int status =
        ::bpf_map_lookup_batch(fd_, first ? nullptr : cursor.data(), next.data(),
                               entries.keys.data() + entries.count * key_size_,
                               entries.values.data() + entries.count * copy_size_, &count, nullptr);
    const int code = status == 0 ? 0 : errno;
    // One bucket holds more than a whole batch: again from the same place with more room.
    if (code == ENOSPC && count == 0) {
      batch *= 2;
      continue;
    }
    if (code != 0 && code != ENOENT && code != ENOSPC) return std::unexpected(error("read", code));
    entries.count += count;
    if (code == ENOENT) return entries;
    cursor.swap(next);
    first = false;
  }
}

Result<MapAccess::RawEntries> MapAccess::read_one_by_one() const {
  RawEntries entries;
  std::vector<std::byte> key(key_size_);
  std::vector<std::byte> value(copy_size_);
  const void* previous = nullptr;
  // A key that vanishes while we stand on it sends the walk back to the start: the bound ends that.
  for (std::size_t steps = 0; steps < std::size_t{map_.max_entries} * 4 + 16; ++steps) {
    if (::bpf_map_get_next_key(fd_, previous, key.data()) != 0) {
      if (errno == ENOENT) break;
      return std::unexpected(error("read", errno));
    }
    previous = key.data();
    if (::bpf_map_lookup_elem(fd_, key.data(), value.data()) != 0) continue;
    entries.keys.insert(entries.keys.end(), key.begin(), key.end());
    entries.values.insert(entries.values.end(), value.begin(), value.end());
    ++entries.count;
  }
  return entries;
}

Result<MapAccess::RawEntries> MapAccess::read_raw() const {
  if (map_.is_scalar()) return read_scalar();
  auto entries = read_in_batches();  // 5.6; hashes of both kinds
  if (entries) return entries;
  const int code = entries.error().code;
  if (code == EINVAL || code == EOPNOTSUPP || code == kKernelNotSupported) return read_one_by_one();
  return entries;
}

output::MapSnapshot MapAccess::decoded(const RawEntries& raw, Names& names) const {
  output::MapSnapshot snapshot{map_.name, map_.key, map_.value, {}};
  for (std::size_t i = 0; i < raw.count; ++i) {
    const Bytes value = Bytes(raw.values).subspan(i * copy_size_, copy_size_);
    output::MapEntry entry;
    if (map_.is_per_cpu()) {
      const Merged merged = merge(*map_.value, value, map_.is_scalar());
      if (!merged.is_set) continue;
      entry.value = decode(*map_.value, merged.bytes, names);
    } else {
      if (map_.is_scalar() && read_u64(value, 0) == 0) continue;
      entry.value =
          decode(*map_.value, value.subspan(map_.is_scalar() ? plan::kScalarHeader : 0), names);
    }
    if (!map_.is_scalar()) {
      entry.key = decode(*map_.key, Bytes(raw.keys).subspan(i * key_size_, key_size_), names);
    }
    snapshot.entries.push_back(std::move(entry));
  }
  return snapshot;
}

Result<output::MapSnapshot> MapAccess::read(Names& names) const {
  const auto raw = read_raw();
  if (!raw) return std::unexpected(raw.error());
  return decoded(*raw, names);
}

Result<void> MapAccess::remove(const RawEntries& raw) const {
  for (std::size_t i = 0; i < raw.count; ++i) {
    if (::bpf_map_delete_elem(fd_, raw.keys.data() + i * key_size_) != 0 && errno != ENOENT) {
      return std::unexpected(error("clear", errno));
    }
  }
  return {};
}

Result<void> MapAccess::clear() const {
  if (!map_.is_scalar()) {
    const auto raw = read_raw();
    return raw ? remove(*raw) : std::unexpected(raw.error());
  }
  const std::vector<std::byte> zeros(copy_size_);
  if (::bpf_map_update_elem(fd_, &element_, zeros.data(), BPF_ANY) != 0) {
    return std::unexpected(error("clear", errno));
  }
  return {};
}

std::vector<std::byte> MapAccess::zeros_for(const RawEntries& raw) const {
  std::vector<std::byte> zeros(copy_size_);
  if (!map_.is_scalar()) return zeros;
  // "Set" stays as it is on each CPU.
  const std::size_t stride = map_.is_per_cpu() ? round_up8(value_size_) : value_size_;
  for (std::size_t at = 0; at < copy_size_; at += stride) {
    std::copy_n(raw.values.begin() + static_cast<std::ptrdiff_t>(at), plan::kScalarHeader,
                zeros.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return zeros;
}

Result<void> MapAccess::put_zeros(const RawEntries& raw, std::uint64_t flags) const {
  const std::vector<std::byte> zeros = zeros_for(raw);
  for (std::size_t i = 0; i < raw.count; ++i) {
    const void* key =
        map_.is_scalar() ? static_cast<const void*>(&element_) : raw.keys.data() + i * key_size_;
    const bool is_put = ::bpf_map_update_elem(fd_, key, zeros.data(), flags) == 0;
    // Of a map that has filled up meanwhile the keys for which there is no room go.
    const bool is_none_to_put = errno == ENOENT || errno == EEXIST || errno == E2BIG;
    if (!is_put && !is_none_to_put) return std::unexpected(error("zero", errno));
  }
  return {};
}

Result<void> MapAccess::add_zeros(const RawEntries& raw) const {
  return put_zeros(raw, map_.is_scalar() ? BPF_ANY : BPF_NOEXIST);
}

Result<void> MapAccess::zero() const {
  const auto raw = read_raw();
  return raw ? put_zeros(*raw, BPF_EXIST) : std::unexpected(raw.error());
}

MapAccess map_access(const plan::Manifest& manifest, const Object& object, std::size_t index,
                     std::uint32_t cpus, bool other) {
  const plan::Map& map = manifest.maps[index];
  const std::uint32_t generation = object.generation(index) ^ (other ? 1U : 0U);
  if (map.is_scalar()) return {map, object.map(map.bpf_name), cpus, generation};
  return {map, object.map(generation == 0 ? map.bpf_name : map.second_name()), cpus};
}

std::uint64_t per_cpu_counter(int fd, std::uint32_t index, std::uint32_t cpus) {
  std::vector<std::uint64_t> values(cpus);
  if (fd < 0 || ::bpf_map_lookup_elem(fd, &index, values.data()) != 0) return 0;
  std::uint64_t sum = 0;
  for (const std::uint64_t value : values) sum += value;
  return sum;
}

}  // namespace sonde::runtime
