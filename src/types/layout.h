// C layout of structs and unions: the System V ABI of x86-64, whose rules the other LP64 machines share (gcc and clang with
// `packed`, `aligned` and bit fields included).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "types/type.h"

namespace sonde::types {

// A member as it is declared.
struct Member {
  std::string
      name;  // Empty for an anonymous struct or union, and for a bit field that only takes room.
  const Type* type = nullptr;
  std::uint64_t size = 0;              // Bytes; 0 for a flexible array.
  std::uint32_t alignment = 1;         // Bytes, of its type.
  std::uint32_t aligned = 0;           // __attribute__((aligned(n))), 0 without.
  bool packed = false;                 // __attribute__((packed)) of the member itself.
  std::optional<std::uint32_t> width;  // Of a bit field, at most the bits of its type.
  std::string c_type;                  // As declared, for listings; may be empty.
};

struct RecordAttributes {
  bool packed = false;
  std::uint32_t aligned = 0;
};

// Fills in fields, size and alignment. False, with the record as it was, if it does not fit into 4 GiB.
[[nodiscard]] bool lay_out(Context& types, Record& record, const std::vector<Member>& members,
                           const RecordAttributes& attributes);

// Puts a bit field `bit_offset` bits behind the start of a record of `record_size` bytes into a storage unit that lies
// inside the record: its own type's if that does. False if it crosses every unit that there is.
[[nodiscard]] bool place_bit_field(Context& types, Field& field, std::uint64_t bit_offset,
                                   std::uint32_t width, std::uint32_t record_size);

// The largest array, in bytes: sizes are kept in 32 bits.
inline constexpr std::uint64_t kMaxArrayBytes = UINT32_MAX / 2;
[[nodiscard]] inline std::uint64_t array_bytes(const Type& element, std::uint32_t count) {
  return std::uint64_t{element.size()} * count;
}

// Alignment of `type` in memory, bytes. Of a record whose source does not tell (BTF) the largest that its fields have and
// their places allow.
[[nodiscard]] std::uint32_t c_alignment(const Type& type);

// True if both are the same to whoever uses them: kinds, sizes, and the names, places and types of all fields.
[[nodiscard]] bool same_definition(const Type& a, const Type& b);

}  // namespace sonde::types
