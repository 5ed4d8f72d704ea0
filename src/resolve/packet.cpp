#include "resolve/packet.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "builtins/packet.h"

namespace sonde::resolve {
namespace {

using builtins::PacketField;
using builtins::PacketHeader;
using builtins::PacketType;
using types::Record;

const types::Type* field_type(types::Context& types, PacketType type) {
  switch (type) {
    case PacketType::Bool: return types.bool_type();
    case PacketType::U8: return types.integer(8, false);
    case PacketType::U16: return types.integer(16, false);
    case PacketType::U32: return types.integer(32, false);
    case PacketType::Mac: return types.simple(types::TypeKind::MacAddress);
    case PacketType::Inet: return types.simple(types::TypeKind::Inet);
  }
  SONDE_UNREACHABLE();
}

Record named_record(std::string name, Record::Keyword keyword) {
  Record record;
  record.name = std::move(name);
  record.keyword = keyword;
  return record;
}

void append(Record& record, std::string_view name, const types::Type* type) {
  types::Field field;
  field.name = name;
  field.type = type;
  field.offset = (record.size + type->alignment() - 1) / type->alignment() * type->alignment();
  record.size = field.offset + type->size();
  record.alignment = std::max(record.alignment, type->alignment());
  record.fields.push_back(std::move(field));
}

const types::Type* finish(types::Context& types, Record record) {
  record.size = (record.size + record.alignment - 1) / record.alignment * record.alignment;
  return types.new_record(std::move(record));
}

void append_fields(types::Context& types, Record& record, PacketHeader header) {
  for (const PacketField& field : builtins::packet_fields()) {
    if (field.header == header) append(record, field.name, field_type(types, field.type));
  }
}

}  // namespace

const types::Type* packet_record(types::Context& types) {
  Record packet = named_record("packet", Record::Keyword::Arguments);
  append_fields(types, packet, PacketHeader::None);
  const auto headers = builtins::packet_headers();
  for (std::size_t i = 1; i < headers.size(); ++i) {
    const std::string name = "packet_" + std::string(headers[i]);
    Record header = named_record(name, Record::Keyword::Struct);
    append_fields(types, header, static_cast<PacketHeader>(i));
    append(packet, headers[i], finish(types, std::move(header)));
  }
  return finish(types, std::move(packet));
}

}  // namespace sonde::resolve
