// Values of expressions: a scalar in a register, or a place in memory and the way to read it.
#pragma once

#include <cstdint>
#include <optional>

#include "codegen/ir.h"
#include "types/type.h"

namespace sonde::codegen {

// How memory is read.
enum class Space : std::uint8_t {
  Bpf,      // Stack, map values, ring records, globals: plain loads. `base` is a pointer.
  Context,  // The program's context: plain loads at constant offsets. `base` is a pointer.
  Trusted,  // A kernel object whose type the verifier knows: plain loads. `base` is an integer.
  Kernel,   // bpf_probe_read_kernel(). `base` is an integer.
  User,     // bpf_probe_read_user(). `base` is an integer.
};

// Writable BPF memory.
struct Memory {
  IrValue pointer = nullptr;
  std::uint32_t align = 8;
};

struct Place {
  const types::Type* type = nullptr;
  Space space = Space::Bpf;
  IrValue base = nullptr;
  std::int64_t offset = 0;
  std::uint32_t align = 8;  // Of base + offset; meaningful for Bpf.
  std::optional<types::BitField> bit_field;
  types::FieldAccess access = types::FieldAccess::Direct;
  bool is_zero_filled = false;  // String: all bytes behind the NUL are 0.
};

struct Value {
  const types::Type* type = nullptr;
  IrValue scalar =
      nullptr;  // Set for scalar types, null for those in memory. A Bool is one bit wide.
  Place place;  // Meaningful if `scalar` is null.
  bool is_trusted =
      false;  // A pointer that the verifier knows: what it points to may be read by plain loads.

  [[nodiscard]] bool is_scalar() const { return scalar != nullptr; }
};

[[nodiscard]] inline Value scalar_value(const types::Type* type, IrValue value) {
  return Value{.type = type, .scalar = value, .place = {}, .is_trusted = false};
}
[[nodiscard]] inline Value memory_value(const types::Type* type, const Place& place) {
  return Value{.type = type, .scalar = nullptr, .place = place, .is_trusted = false};
}
[[nodiscard]] inline Value memory_value(const types::Type* type, const Memory& memory) {
  Place place;
  place.type = type;
  place.base = memory.pointer;
  place.align = memory.align;
  return memory_value(type, place);
}

// Bits of a scalar in a register.
[[nodiscard]] inline std::uint32_t register_bits(const types::Type& type) {
  return type.is(types::TypeKind::Bool) ? 1 : type.size() * 8;
}

// Whether the bytes behind a string's end matter: in map keys, which are compared whole, all of them are 0.
enum class Fill : bool { Any, Zero };

// `memory` at `offset` bytes.
[[nodiscard]] inline Memory at(Ir& ir, const Memory& memory, std::uint32_t offset) {
  std::uint32_t align = memory.align;
  while (offset % align != 0) align /= 2;
  return {ir.offset(memory.pointer, static_cast<std::int64_t>(offset)), align};
}

}  // namespace sonde::codegen
