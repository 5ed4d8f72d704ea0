// The fields of packets that xdp, tc and cgroup_skb probes offer: builtins/packet_fields.def.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sonde::builtins {

enum class PacketHeader : std::uint8_t {
#define SONDE_PACKET_HEADER(Id, name, doc) Id,
#define SONDE_PACKET_FIELD(Id, Header, name, type, offset, doc)
#define SONDE_PACKET_IP_FIELD(Id, name, type, offset4, offset6, doc)
#include "builtins/packet_fields.def"
};

enum class PacketFieldId : std::uint8_t {
#define SONDE_PACKET_HEADER(Id, name, doc)
#define SONDE_PACKET_FIELD(Id, Header, name, type, offset, doc) Id,
#define SONDE_PACKET_IP_FIELD(Id, name, type, offset4, offset6, doc) Id,
#include "builtins/packet_fields.def"
};

enum class PacketType : std::uint8_t { Bool, U8, U16, U32, Mac, Inet };

struct PacketField {
  static constexpr std::int32_t kFound = -1;
  PacketFieldId id;
  PacketHeader header;
  std::string_view name;
  PacketType type;
  std::int32_t offset;   // Bytes in the header, kFound if there are none.
  std::int32_t offset6;  // The same in the header of IPv6.
  std::string_view doc;
};

[[nodiscard]] std::span<const PacketField> packet_fields();
[[nodiscard]] std::span<const std::string_view> packet_headers();  // Names, by PacketHeader.
[[nodiscard]] inline std::string_view packet_header_name(PacketHeader header) {
  return packet_headers()[static_cast<std::size_t>(header)];
}
// "tcp.sport", "len"
[[nodiscard]] std::string packet_field_path(const PacketField& field);

}  // namespace sonde::builtins
