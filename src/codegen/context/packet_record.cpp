#include "codegen/context/packet_record.h"

#include <algorithm>

#include "base/check.h"

namespace sonde::codegen {
namespace {

using builtins::PacketField;
using builtins::PacketFieldId;
using builtins::PacketHeader;
using builtins::PacketType;

const PacketField& row(PacketFieldId id) {
  return builtins::packet_fields()[static_cast<std::size_t>(id)];
}

std::uint32_t bits_of(PacketType type) {
  switch (type) {
    case PacketType::Bool:
    case PacketType::U8: return 8;
    case PacketType::U16: return 16;
    case PacketType::U32: return 32;
    case PacketType::Mac: return 64;
    case PacketType::Inet: return 192;
  }
  SONDE_UNREACHABLE();
}

void copy_mac(Ir& ir, IrValue to, IrValue from) {
  for (std::int64_t i = 0; i < 6; i += 2)
    ir.store(ir.load(16, ir.offset(from, i), 2), ir.offset(to, i), 2);
}

void copy_inet(Ir& ir, IrValue to, IrValue from, bool is_v6) {
  constexpr std::uint64_t kFamily4 = 2;  // AF_INET, AF_INET6
  constexpr std::uint64_t kFamily6 = 10;
  constexpr std::int64_t kAddress = 8;
  ir.store(ir.i64(is_v6 ? kFamily6 : kFamily4), to, 8);
  for (std::int64_t i = 0; i < (is_v6 ? 16 : 4); i += 4)
    ir.store(ir.load(32, ir.offset(from, i), 4), ir.offset(to, kAddress + i), 4);
}

}  // namespace

IrValue packet_number(Ir& ir, IrValue from, std::int64_t offset, std::uint32_t bits) {
  const IrValue raw = ir.load(bits, ir.offset(from, offset), bits / 8);
  return ir.resize(bits > 8 ? ir.byte_swap(raw) : raw, 64, false);
}

bool PacketRecord::wants_header(PacketHeader header) const {
  return std::ranges::any_of(builtins::packet_fields(), [&](const PacketField& field) {
    return field.header == header && wants(field.id);
  });
}

Memory PacketRecord::place(const PacketField& field) {
  const types::Type* args = f_.attach_point().args;
  std::uint32_t offset = 0;
  if (field.header != PacketHeader::None) {
    const auto header = args->record()->find_field(builtins::packet_header_name(field.header));
    SONDE_CHECK(header.has_value());
    offset = header->field.offset;
    args = header->field.type;
  }
  const auto found = args->record()->find_field(field.name);
  SONDE_CHECK(found.has_value());
  return at(f_.ir, memory_, offset + found->field.offset);
}

void PacketRecord::clear() {
  Ir& ir = f_.ir;
  for (const PacketField& field : builtins::packet_fields()) {
    if (!wants(field.id)) continue;
    const std::uint32_t bits = bits_of(field.type);
    const std::uint32_t unit = std::min(bits, 64U);
    const Memory to = place(field);
    for (std::uint32_t bit = 0; bit < bits; bit += unit)
      ir.store(ir.integer(unit, 0), ir.offset(to.pointer, std::int64_t{bit / 8}), unit / 8);
  }
}

IrValue PacketRecord::get(PacketFieldId id) {
  const std::uint32_t bits = bits_of(row(id).type);
  return f_.ir.resize(f_.ir.load(bits, place(row(id)).pointer, bits / 8), 64, false);
}

void PacketRecord::set(PacketFieldId id, IrValue value) {
  if (!wants(id)) return;
  const std::uint32_t bits = bits_of(row(id).type);
  f_.ir.store(f_.ir.resize(value, bits, false), place(row(id)).pointer, bits / 8);
}

void PacketRecord::copy(const PacketField& field, IrValue from, bool is_v6) {
  const std::int64_t offset = is_v6 ? field.offset6 : field.offset;
  const IrValue bytes = f_.ir.offset(from, offset);
  switch (field.type) {
    case PacketType::Mac: return copy_mac(f_.ir, place(field).pointer, bytes);
    case PacketType::Inet: return copy_inet(f_.ir, place(field).pointer, bytes, is_v6);
    default: return set(field.id, packet_number(f_.ir, bytes, 0, bits_of(field.type)));
  }
}

void PacketRecord::copy(PacketHeader header, IrValue from, bool is_v6) {
  for (const PacketField& field : builtins::packet_fields()) {
    const bool is_there = (is_v6 ? field.offset6 : field.offset) != PacketField::kFound;
    if (field.header == header && is_there && wants(field.id)) copy(field, from, is_v6);
  }
}

}  // namespace sonde::codegen
