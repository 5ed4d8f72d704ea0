// Packet probes: the headers of a packet are read at the start of the body, as far as the body asks for them, into a record
// that `args` is.
#pragma once

#include <bitset>

#include "ast/ast.h"
#include "builtins/packet.h"
#include "codegen/context/context.h"

namespace sonde::codegen {

inline constexpr std::size_t kPacketFields = 0
#define SONDE_PACKET_HEADER(Id, name, doc)
#define SONDE_PACKET_FIELD(Id, Header, name, type, offset, doc) +1
#define SONDE_PACKET_IP_FIELD(Id, name, type, offset4, offset6, doc) +1
#include "builtins/packet_fields.def"
    ;
using PacketFields = std::bitset<kPacketFields>;  // By PacketFieldId.

// The fields that the probe's code looks at: all of them where it takes `args` as a whole.
[[nodiscard]] PacketFields packet_uses(const ast::Probe& probe);

// How the program of one type reaches the packet.
class PacketSource {
 public:
  virtual ~PacketSource() = default;
  // A pointer to the `size` bytes at `offset`, which is at most 64 KiB; leaves for `absent` if the packet has none there. The
  // bytes stay until the next call.
  virtual IrValue open(Function& f, IrValue offset, std::uint32_t size, IrBlock absent) = 0;
  virtual IrValue length(Function& f) = 0;     // An i64.
  virtual IrValue interface(Function& f) = 0;  // An i64.
  // The tag that the network card, or the kernel, has taken off the packet: VLAN number as an i64, 0 if there is none. Null if
  // the context does not tell.
  virtual IrValue vlan(Function&) { return nullptr; }
};

// Makes the code that fills the record of `args`.
void read_packet(Function& f, PacketSource& source, const PacketFields& wanted);

}  // namespace sonde::codegen
