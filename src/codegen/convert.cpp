#include "codegen/convert.h"

#include <algorithm>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/aggregation.h"
#include "codegen/strings.h"

namespace sonde::codegen {
namespace {

void store_tuple(Function& f, const Value& value, const Destination& to) {
  const types::Type& from = *value.type;
  SONDE_CHECK(from.elements().size() == to.type->elements().size());
  zero_padding(f, to);
  const Place place = value.place.space == Space::Bpf
                          ? value.place
                          : memory_value(value.type, in_memory(f, value.place)).place;
  for (std::size_t i = 0; i < from.elements().size(); ++i) {
    const Place element = move(place, from.element_offset(i), from.elements()[i]);
    store(f, load(f, element),
          {at(f.ir, to.memory, to.type->element_offset(i)), to.type->elements()[i], to.fill});
  }
}

void store_buffer(Function& f, const Value& value, const Destination& to) {
  const Memory from = in_memory(f, value.place);
  const std::uint32_t common = std::min(value.type->capacity(), to.type->capacity());
  const IrValue length = f.ir.load(32, from.pointer, std::min(from.align, 4U));
  const IrValue limit = f.ir.i32(common);
  const IrValue shorter = f.ir.compare(Compare::ULess, length, limit);
  f.ir.store(f.ir.resize(f.ir.select(shorter, length, limit), 64, false), to.memory.pointer,
             to.memory.align);
  copy(f, at(f.ir, to.memory, types::kBufferHeader), at(f.ir, from, types::kBufferHeader), common);
  const std::uint32_t rest = to.type->capacity() - common;
  if (to.fill == Fill::Zero) zero(f, at(f.ir, to.memory, types::kBufferHeader + common), rest);
}

void store_in_memory(Function& f, const Value& value, const Destination& to) {
  using types::TypeKind;
  switch (to.type->kind()) {
    case TypeKind::String: return store_string(f, value.place, to);
    case TypeKind::Tuple: return store_tuple(f, value, to);
    case TypeKind::Buffer:
      if (value.type != to.type) return store_buffer(f, value, to);
      break;
    default: break;
  }
  SONDE_CHECK(value.type->size() == to.type->size());
  read(f, value.place, to.memory);
}

}  // namespace

void zero_padding(Function& f, const Destination& to) {
  const types::Type& type = *to.type;
  std::uint32_t end = 0;
  for (std::size_t i = 0; i <= type.elements().size(); ++i) {
    const bool is_last = i == type.elements().size();
    const std::uint32_t next = is_last ? type.size() : type.element_offset(i);
    zero(f, at(f.ir, to.memory, end), next - end);
    if (!is_last) end = next + type.elements()[i]->size();
  }
}

IrValue convert_scalar(Ir& ir, IrValue value, const types::Type& from, const types::Type& to) {
  if (to.is(types::TypeKind::Bool)) return ir.is_nonzero(value);
  return ir.resize(value, register_bits(to), from.is_signed());
}

IrValue to_number(Function& f, const Value& value) {
  if (value.is_scalar()) return f.ir.resize(value.scalar, 64, value.type->is_signed());
  const Memory memory = in_memory(f, value.place);
  if (value.type->is_aggregation()) return aggregation_number(f, memory, *value.type);
  const std::uint32_t size = value.type->size();
  if (size >= 8) return f.ir.load(64, memory.pointer, std::min(memory.align, 8U));
  // A short array: its bytes, the first one lowest.
  const Memory whole = f.temporary(8);
  zero(f, whole, 8);
  copy(f, whole, memory, size);
  return f.ir.load(64, whole.pointer, 8);
}

IrValue to_scalar(Function& f, const Value& value, const types::Type& as) {
  if (value.is_scalar()) return convert_scalar(f.ir, value.scalar, *value.type, as);
  const types::Type& type = *value.type;
  const bool is_object = type.is_record() || type.is(types::TypeKind::Array) || type.is_string();
  if (as.is_pointer() && is_object) return address(f, value.place);
  const IrValue number = to_number(f, value);
  if (as.is(types::TypeKind::Bool)) return f.ir.is_nonzero(number);
  return f.ir.resize(number, register_bits(as), type.is_signed());
}

void store(Function& f, const Value& value, const Destination& to) {
  if (!to.type->is_scalar()) {
    if (value.is_scalar()) {
      // Only a number's bytes as an array; see Cast.
      const std::uint32_t bytes = to.type->size();
      f.ir.store(f.ir.resize(value.scalar, bytes * 8, value.type->is_signed()), to.memory.pointer,
                 std::min(to.memory.align, bytes));
      return;
    }
    return store_in_memory(f, value, to);
  }
  IrValue scalar = to_scalar(f, value, *to.type);
  if (to.type->is(types::TypeKind::Bool)) scalar = f.ir.resize(scalar, 8, false);
  f.ir.store(scalar, to.memory.pointer, std::min(to.memory.align, to.type->size()));
}

}  // namespace sonde::codegen
