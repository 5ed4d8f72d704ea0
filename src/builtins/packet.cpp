#include "builtins/packet.h"

namespace sonde::builtins {
namespace {

constexpr std::string_view kHeaders[] = {
#define SONDE_PACKET_HEADER(Id, name, doc) name,
#define SONDE_PACKET_FIELD(Id, Header, name, type, offset, doc)
#define SONDE_PACKET_IP_FIELD(Id, name, type, offset4, offset6, doc)
#include "builtins/packet_fields.def"
};

constexpr std::int32_t kFound = PacketField::kFound;

constexpr PacketField kFields[] = {
#define SONDE_PACKET_HEADER(Id, name, doc)
#define SONDE_PACKET_FIELD(Id, Header, name, type, offset, doc) \
  {PacketFieldId::Id, PacketHeader::Header, name, PacketType::type, offset, offset, doc},
#define SONDE_PACKET_IP_FIELD(Id, name, type, offset4, offset6, doc) \
  {PacketFieldId::Id, PacketHeader::Ip, name, PacketType::type, offset4, offset6, doc},
#include "builtins/packet_fields.def"
};

}  // namespace

std::span<const PacketField> packet_fields() { return kFields; }
std::span<const std::string_view> packet_headers() { return kHeaders; }

std::string packet_field_path(const PacketField& field) {
  std::string path(packet_header_name(field.header));
  if (!path.empty()) path += '.';
  path += field.name;
  return path;
}

}  // namespace sonde::builtins
