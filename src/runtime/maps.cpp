#include "runtime/maps.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <map>
#include <span>
#include <string_view>
#include <utility>
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
  // Where there is no memory for many at once there may be for one.
  if (code == EINVAL || code == EOPNOTSUPP || code == kKernelNotSupported || code == ENOMEM)
    return read_one_by_one();
  return entries;
}

std::optional<output::Value> MapAccess::value_of(Bytes bytes, Names& names) const {
  if (map_.is_per_cpu()) {
    const Merged merged = merge(*map_.value, bytes, map_.is_scalar());
    if (!merged.is_set) return std::nullopt;
    return decode(*map_.value, merged.bytes, names);
  }
  if (!map_.is_scalar()) return decode(*map_.value, bytes, names);
  if (read_u64(bytes, 0) == 0) return std::nullopt;
  return decode(*map_.value, bytes.subspan(plan::kScalarHeader), names);
}

std::optional<output::Value> MapAccess::joined(Bytes now, Bytes before, Names& names) const {
  if (now.empty() || before.empty()) return value_of(now.empty() ? before : now, names);
  if (map_.is_per_cpu()) {
    // As if there were twice as many CPUs.
    std::vector<std::byte> all(now.begin(), now.end());
    all.insert(all.end(), before.begin(), before.end());
    return value_of(all, names);
  }
  const bool is_unset = map_.is_scalar() && read_u64(now, 0) == 0;
  if (is_unset) return value_of(before, names);
  if (!map_.adds_up || (map_.is_scalar() && read_u64(before, 0) == 0)) return value_of(now, names);
  // The bytes beyond the integer's own are not looked at.
  const std::size_t header = map_.is_scalar() ? plan::kScalarHeader : 0;
  const std::size_t size = map_.value->size();
  std::uint64_t parts[2] = {};
  std::memcpy(&parts[0], now.data() + header, size);
  std::memcpy(&parts[1], before.data() + header, size);
  const std::uint64_t sum = parts[0] + parts[1];
  std::vector<std::byte> value(now.begin(), now.end());
  std::memcpy(value.data() + header, &sum, size);
  return value_of(value, names);
}

output::MapSnapshot MapAccess::decoded(const RawEntries& raw, Names& names,
                                       const RawEntries* before) const {
  output::MapSnapshot snapshot{map_.name, map_.key, map_.value, {}};
  const auto value_of = [&](const RawEntries& entries, std::size_t i) {
    return Bytes(entries.values).subspan(i * copy_size_, copy_size_);
  };
  const auto key_of = [&](const RawEntries& entries, std::size_t i) {
    return map_.is_scalar() ? Bytes() : Bytes(entries.keys).subspan(i * key_size_, key_size_);
  };
  const auto add = [&](Bytes key, Bytes now, Bytes then) {
    auto value = joined(now, then, names);
    if (!value) return;
    output::MapEntry entry{.key = std::nullopt, .value = std::move(*value)};
    if (!map_.is_scalar()) entry.key = decode(*map_.key, key, names);
    snapshot.entries.push_back(std::move(entry));
  };
  const auto text = [](Bytes key) {
    return std::string_view(reinterpret_cast<const char*>(key.data()), key.size());
  };
  std::map<std::string_view, Bytes> older;
  for (std::size_t i = 0; before != nullptr && i < before->count; ++i)
    older.emplace(text(key_of(*before, i)), value_of(*before, i));
  for (std::size_t i = 0; i < raw.count; ++i) {
    const Bytes key = key_of(raw, i);
    const auto same = older.find(text(key));
    const Bytes then = same == older.end() ? Bytes() : same->second;
    add(key, value_of(raw, i), then);
    if (same != older.end()) older.erase(same);
  }
  for (const auto& [key, value] : older) add(std::as_bytes(std::span(key)), Bytes(), value);
  return snapshot;
}

Result<output::MapSnapshot> MapAccess::read(Names& names) const {
  const auto raw = read_raw();
  if (!raw) return std::unexpected(raw.error());
  return decoded(*raw, names);
}

Result<void> MapAccess::remove(RawEntries& raw) const {
  int failure = 0;
  std::size_t removed = 0;
  for (std::size_t i = 0; i < raw.count; ++i) {
    std::byte* key = raw.keys.data() + i * key_size_;
    if (::bpf_map_delete_elem(fd_, key) != 0 && errno != ENOENT) {
      failure = errno;
      continue;
    }
    if (removed != i) {
      std::copy_n(key, key_size_, raw.keys.data() + removed * key_size_);
      std::copy_n(raw.values.data() + i * copy_size_, copy_size_,
                  raw.values.data() + removed * copy_size_);
    }
    ++removed;
  }
  raw.count = removed;
  return failure == 0 ? Result<void>{} : std::unexpected(error("clear", failure));
}

Result<void> MapAccess::clear() const {
  if (!map_.is_scalar()) {
    auto raw = read_raw();
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
  const std::uint32_t generation = object.data().generation(index) ^ (other ? 1U : 0U);
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
