#include "runtime/decode.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/check.h"
#include "base/utf8.h"
#include "runtime/decode_aggregation.h"
#include "runtime/decode_top.h"

namespace sonde::runtime {
namespace {

using output::Value;
using types::Type;
using types::TypeKind;

// The upper six of 16 bits, of the halves of a character above 0xffff in UTF-16.
constexpr std::uint64_t kHighSurrogates = 0xd800 >> 10;
constexpr std::uint64_t kLowSurrogates = 0xdc00 >> 10;

std::string characters(Bytes bytes, std::size_t limit) {
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  return {text, ::strnlen(text, std::min(limit, bytes.size()))};
}

Value decode_integer(const Type& type, Bytes bytes) {
  return {output::Integer{read_integer(bytes, type.bits(), type.is_signed()), type.is_signed(),
                          type.bits()}};
}

Value decode_enum(const Type& type, Bytes bytes) {
  const std::uint64_t number = read_integer(bytes, type.bits(), type.is_signed());
  return {output::EnumValue{{number, type.is_signed(), type.bits()},
                            type.enumeration()->text_of(number)}};
}

// Of a function of the kernel, whose addresses have the highest bit set, the name too.
Value decode_pointer(const Type& type, Bytes bytes, Names& names) {
  output::Pointer pointer{read_u64(bytes, 0), {}};
  const bool in_kernel =
      type.address_space() != types::AddressSpace::User && pointer.address >> 63 != 0;
  if (in_kernel && type.element()->is_function()) {
    pointer.name = names.kernel_symbol(pointer.address);
    if (pointer.name.starts_with("0x")) pointer.name.clear();
  }
  return {std::move(pointer)};
}

Value decode_string(const Type& type, Bytes bytes, Names& names) {
  output::Text text{characters(bytes, type.capacity())};
  text.truncated = type.may_be_cut() && bytes[type.capacity()] != std::byte{types::kWhole};
  if (text.truncated) text.bytes += names.truncation_trailer();
  return {std::move(text)};
}

Value decode_buffer(const Type& type, Bytes bytes) {
  const auto length = static_cast<std::uint32_t>(read_integer(bytes, 32, false));
  const std::size_t valid = std::min(length, type.capacity());
  const auto* data = reinterpret_cast<const char*>(bytes.data()) + types::kBufferHeader;
  return {output::Bytes{std::string(data, valid)}};
}

Value decode_float(const Type& type, Bytes bytes) {
  const std::uint64_t bits = read_integer(bytes, type.bits(), false);
  if (type.bits() == 32)
    return {output::Floating{std::bit_cast<float>(static_cast<std::uint32_t>(bits)), true}};
  return {output::Floating{std::bit_cast<double>(bits), false}};
}

// Characters up to a 0. What is none, half of a pair of UTF-16 say, is shown by its number.
std::string wide_text(const Type& type, Bytes bytes) {
  const std::uint32_t size = type.element()->size();
  const auto at = [&](std::uint32_t i) {
    return i < type.count() ? read_integer(bytes.subspan(std::size_t{i} * size), size * 8, false)
                            : 0;
  };
  std::string text;
  for (std::uint32_t i = 0; at(i) != 0; ++i) {
    std::uint64_t character = at(i);
    const std::uint64_t next = at(i + 1);
    const bool is_pair =
        size == 2 && character >> 10 == kHighSurrogates && next >> 10 == kLowSurrogates;
    if (is_pair) {
      character = 0x10000 + ((character & 0x3ff) << 10 | (next & 0x3ff));
      ++i;
    }
    const bool is_surrogate =
        character >> 10 == kHighSurrogates || character >> 10 == kLowSurrogates;
    if (character > 0x10ffff) {
      text += fmt::format("\\U{:08x}", character);
    } else if (is_surrogate) {
      text += fmt::format("\\u{:04x}", character);
    } else {
      append_utf8(text, static_cast<char32_t>(character));
    }
  }
  return text;
}

Value decode_array(const Type& type, Bytes bytes, Names& names) {
  const Type& element = *type.element();
  // char[n] is text to its user.
  if (element.is_integer() && element.bits() == 8 && element.is_signed()) {
    return {output::Text{characters(bytes, type.count())}};
  }
  if (type.is_wide_text()) return {output::Text{wide_text(type, bytes)}};
  output::ArrayValue array;
  for (std::uint32_t i = 0; i < type.count(); ++i) {
    array.elements.push_back(
        decode(element, bytes.subspan(std::size_t{i} * element.size()), names));
  }
  return {std::move(array)};
}

Value decode_tuple(const Type& type, Bytes bytes, Names& names) {
  output::TupleValue tuple;
  for (std::size_t i = 0; i < type.elements().size(); ++i) {
    tuple.elements.push_back(
        decode(*type.elements()[i], bytes.subspan(type.element_offset(i)), names));
  }
  return {std::move(tuple)};
}

Value decode_bit_field(const types::Field& field, Bytes bytes) {
  const Type& type = *field.type;
  const types::BitField& place = *field.bit_field;
  const std::uint64_t unit = read_integer(bytes, type.bits(), false);
  std::uint64_t bits = unit >> place.shift;
  if (place.width < 64) bits &= (std::uint64_t{1} << place.width) - 1;
  if (type.is_signed() && place.width < 64 && place.width > 0 && (bits >> (place.width - 1)) != 0) {
    bits |= ~std::uint64_t{0} << place.width;
  }
  if (type.is(TypeKind::Bool)) return {bits != 0};
  const output::Integer number{bits, type.is_signed(), type.bits()};
  if (!type.is(TypeKind::Enum)) return {number};
  return {output::EnumValue{number, type.enumeration()->text_of(bits)}};
}

// Length-and-offset words of trace events, see types::FieldAccess.
Value decode_located(const types::Field& field, Bytes record, Names& names) {
  const std::uint64_t word = read_integer(record.subspan(field.offset), 32, false);
  std::size_t offset = word & 0xffff;
  if (field.access == types::FieldAccess::RelDataLoc) offset += field.offset + 4;
  const std::size_t length = word >> 16;
  if (offset + length > record.size()) return {output::Text{}};
  const Bytes data = record.subspan(offset, length);
  if (field.type->is_string()) return {output::Text{characters(data, length)}};
  if (field.type->size() != 0 && field.type->size() <= length)
    return decode(*field.type, data, names);
  return {output::Bytes{std::string(reinterpret_cast<const char*>(data.data()), length)}};
}

Value decode_field(const types::Field& field, Bytes record, Names& names) {
  if (field.access != types::FieldAccess::Direct) return decode_located(field, record, names);
  const Bytes bytes = record.subspan(field.offset);
  if (field.bit_field) return decode_bit_field(field, bytes);
  return decode(*field.type, bytes, names);
}

Value decode_record(const Type& type, Bytes bytes, Names& names) {
  output::RecordValue record;
  if (!type.record()->complete()) return {std::move(record)};
  for (const types::Field& field : type.record()->fields) {
    Value value = decode_field(field, bytes, names);
    if (!field.name.empty()) {
      record.fields.emplace_back(field.name, std::move(value));
    } else if (auto* inner = std::get_if<output::RecordValue>(&value.data)) {
      // Members of an anonymous struct are named as if they were our own.
      std::ranges::move(inner->fields, std::back_inserter(record.fields));
    }
  }
  return {std::move(record)};
}

Value decode_named(const Type& type, Bytes bytes, Names& names) {
  const std::uint64_t number = read_u64(bytes, 0);
  switch (type.kind()) {
    case TypeKind::KernelSymbol: return {output::Symbol{names.kernel_symbol(number)}};
    case TypeKind::Username: return {output::Symbol{names.user_name(number)}};
    case TypeKind::GfpFlags: return {output::Symbol{names.gfp_flags(number)}};
    case TypeKind::ProcessName:
      return {output::Symbol{names.process_name(static_cast<std::uint32_t>(number))}};
    case TypeKind::CgroupPath:
      return {output::Symbol{names.cgroup_path(type.format_index(), number)}};
    case TypeKind::Timestamp: return {output::Symbol{names.timestamp(type.format_index(), number)}};
    case TypeKind::KernelStack: return {names.kernel_stack(number, type)};
    case TypeKind::UserSymbol:
      return {output::Symbol{names.user_symbol(number, plan::process_word(read_u64(bytes, 8)))}};
    case TypeKind::UserStack:
      return {names.user_stack(number, plan::process_word(read_u64(bytes, 8)), type)};
    default: SONDE_UNREACHABLE();
  }
}

std::string inet_text(Bytes bytes) {
  char text[INET6_ADDRSTRLEN] = "";
  const auto family = static_cast<int>(read_u64(bytes, 0));
  if (::inet_ntop(family, bytes.data() + sizeof(std::uint64_t), text, sizeof text) == nullptr)
    return {};
  return text;
}

std::string mac_text(Bytes bytes) {
  const auto* mac = reinterpret_cast<const unsigned char*>(bytes.data());
  return fmt::format("{:02X}:{:02X}:{:02X}:{:02X}:{:02X}:{:02X}", mac[0], mac[1], mac[2], mac[3],
                     mac[4], mac[5]);
}

}  // namespace

std::uint64_t read_u64(Bytes bytes, std::size_t offset) {
  SONDE_CHECK(offset + 8 <= bytes.size());
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::uint64_t read_integer(Bytes bytes, std::uint32_t bits, bool is_signed) {
  SONDE_CHECK(bits >= 8 && bits <= 64 && bits / 8 <= bytes.size());
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), bits / 8);
  if (is_signed && bits < 64 && ((value >> (bits - 1)) & 1) != 0)
    value |= ~std::uint64_t{0} << bits;
  return value;
}

Value decode(const Type& type, Bytes bytes, Names& names) {
  SONDE_CHECK(bytes.size() >= type.size());
  switch (type.kind()) {
    case TypeKind::Void: return {output::Integer{}};
    case TypeKind::Bool: return {read_integer(bytes, type.bits(), false) != 0};
    case TypeKind::Integer: return decode_integer(type, bytes);
    case TypeKind::Enum: return decode_enum(type, bytes);
    case TypeKind::Float: return decode_float(type, bytes);
    case TypeKind::Pointer: return decode_pointer(type, bytes, names);
    case TypeKind::String: return decode_string(type, bytes, names);
    case TypeKind::Buffer: return decode_buffer(type, bytes);
    case TypeKind::Array: return decode_array(type, bytes, names);
    case TypeKind::Record: return decode_record(type, bytes, names);
    case TypeKind::Tuple: return decode_tuple(type, bytes, names);
    case TypeKind::Timestamp:
    case TypeKind::KernelSymbol:
    case TypeKind::UserSymbol:
    case TypeKind::Username:
    case TypeKind::GfpFlags:
    case TypeKind::ProcessName:
    case TypeKind::CgroupPath:
    case TypeKind::KernelStack:
    case TypeKind::UserStack: return decode_named(type, bytes, names);
    case TypeKind::Inet: return {output::Symbol{inet_text(bytes)}};
    case TypeKind::MacAddress: return {output::Symbol{mac_text(bytes)}};
    case TypeKind::Top: return decode_top(type, bytes, names);
    default: return decode_aggregation(type, bytes);
  }
}

}  // namespace sonde::runtime
