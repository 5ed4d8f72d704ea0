// The script's maps, read and changed from user space.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "output/sink.h"
#include "plan/manifest.h"
#include "runtime/decode.h"
#include "runtime/names.h"
#include "runtime/object.h"

namespace sonde::runtime {

class MapAccess {
 public:
  // Raw keys and values, one behind the other.
  struct RawEntries {
    std::vector<std::byte> keys;
    std::vector<std::byte> values;
    std::size_t count = 0;
  };

  // `fd` and `map` must outlive this. `cpus` is the number of possible CPUs. Of a map with generations it is that of one of them,
  // see map_access(); `element` is the index of a scalar's.
  MapAccess(const plan::Map& map, int fd, std::uint32_t cpus, std::uint32_t element = 0);

  // All entries. Keys that programs add or remove meanwhile may or may not be among them.
  [[nodiscard]] Result<output::MapSnapshot> read(Names& names) const;
  // Removes all keys; a scalar becomes "not set".
  [[nodiscard]] Result<void> clear() const;
  // Sets all values to zero; the keys stay.
  [[nodiscard]] Result<void> zero() const;

  // The parts of these.
  [[nodiscard]] Result<RawEntries> read_raw() const;
  // With `before` what both generations hold, of which that is the older one.
  [[nodiscard]] output::MapSnapshot decoded(const RawEntries& raw, Names& names,
                                            const RawEntries* before = nullptr) const;
  // Leaves in `raw` what could be removed.
  [[nodiscard]] Result<void> remove(RawEntries& raw) const;
  // Zeros for the keys that are not there yet. Of a scalar: what `raw` says is set is set to zero, whatever it is.
  [[nodiscard]] Result<void> add_zeros(const RawEntries& raw) const;

 private:
  // What a value of `raw` is as zero.
  [[nodiscard]] std::vector<std::byte> zeros_for(const RawEntries& raw) const;
  [[nodiscard]] Result<void> put_zeros(const RawEntries& raw, std::uint64_t flags) const;
  // Entries to ask for at once.
  [[nodiscard]] std::uint32_t first_batch() const;
  [[nodiscard]] Result<RawEntries> read_in_batches() const;
  [[nodiscard]] Result<RawEntries> read_one_by_one() const;
  [[nodiscard]] Result<RawEntries> read_scalar() const;
  [[nodiscard]] Error error(const char* action, int code) const;
  // The value of one key from what the kernel has of it; nullopt if it is not set.
  [[nodiscard]] std::optional<output::Value> value_of(Bytes bytes, Names& names) const;
  // The same of one generation or of both, of which one may have none.
  [[nodiscard]] std::optional<output::Value> joined(Bytes now, Bytes before, Names& names) const;

  const plan::Map& map_;
  int fd_;
  std::uint32_t cpus_;
  std::uint32_t element_;
  std::size_t key_size_;
  std::size_t value_size_;  // Of one CPU's value, kScalarHeader included.
  std::size_t copy_size_;   // Of what the kernel copies: all CPUs.
};

// The generation of manifest.maps[index] that programs use; with `other` the one that they do not use.
[[nodiscard]] MapAccess map_access(const plan::Manifest& manifest, const Object& object,
                                   std::size_t index, std::uint32_t cpus, bool other = false);

// Sum over all CPUs of slot `index` of the per-CPU array of u64 `fd`; 0 if it cannot be read.
[[nodiscard]] std::uint64_t per_cpu_counter(int fd, std::uint32_t index, std::uint32_t cpus);

}  // namespace sonde::runtime
