// The parser of packets: code that finds the headers one behind the other and copies the fields that are wanted. Layouts:
// IEEE 802.1Q, RFC 791 (IPv4), 8200 (IPv6), 4302 (authentication header), 9293 (TCP), 768 (UDP), 792 and 4443 (ICMP).
#include "codegen/context/packet.h"

#include <initializer_list>
#include <utility>

#include "codegen/context/packet_record.h"

namespace sonde::codegen {
namespace {

using builtins::PacketHeader;
using Id = builtins::PacketFieldId;

constexpr std::uint64_t kIPv4 = 0x0800;
constexpr std::uint64_t kIPv6 = 0x86dd;
constexpr std::uint64_t kVlan = 0x8100;
constexpr std::uint64_t kServiceVlan = 0x88a8;
constexpr int kVlanTags = 2;

constexpr std::uint64_t kIcmp = 1;
constexpr std::uint64_t kTcp = 6;
constexpr std::uint64_t kUdp = 17;
constexpr std::uint64_t kIcmp6 = 58;

// Extension headers of IPv6, of which this many are looked through.
constexpr int kExtensions = 4;
constexpr std::uint64_t kHopByHop = 0;
constexpr std::uint64_t kRouting = 43;
constexpr std::uint64_t kFragment = 44;
constexpr std::uint64_t kAuthentication = 51;
constexpr std::uint64_t kDestination = 60;

class PacketReader {
 public:
  PacketReader(Function& f, PacketSource& source, const PacketFields& wanted)
      : f_(f), ir_(f.ir), source_(source), record_(f, wanted), done_(f.ir.block()),
        offset_(f.ir.stack_scalar(64)), protocol_(f.ir.stack_scalar(64)),
        rest_(f.ir.stack_scalar(64)) {}

  void read();

 private:
  // --- what is wanted ---
  [[nodiscard]] bool wants(Id id) const { return record_.wants(id); }
  [[nodiscard]] bool wants_ports() const { return wants(Id::SPort) || wants(Id::DPort); }
  [[nodiscard]] bool wants_tcp() const {
    return wants_ports() || wants(Id::HasTcp) || record_.wants_header(PacketHeader::Tcp);
  }
  [[nodiscard]] bool wants_udp() const {
    return wants_ports() || wants(Id::HasUdp) || record_.wants_header(PacketHeader::Udp);
  }
  [[nodiscard]] bool wants_icmp() const {
    return wants(Id::HasIcmp) || record_.wants_header(PacketHeader::Icmp);
  }
  [[nodiscard]] bool wants_transport() const { return wants_tcp() || wants_udp() || wants_icmp(); }
  [[nodiscard]] bool wants_network() const {
    return wants_transport() || record_.wants_header(PacketHeader::Ip);
  }

  // --- the packet ---
  [[nodiscard]] IrValue open(std::uint32_t size) {
    return source_.open(f_, get(offset_), size, done_);
  }
  // An i64, in the host's byte order.
  [[nodiscard]] IrValue number(IrValue at, std::int64_t offset, std::uint32_t bits) {
    return packet_number(ir_, at, offset, bits);
  }
  [[nodiscard]] IrValue get(IrValue slot) { return ir_.load(64, slot, 8); }
  void put(IrValue slot, IrValue value) { ir_.store(value, slot, 8); }
  void advance(IrValue bytes) {
    put(offset_, ir_.binary(Op::Add, get(offset_), bytes));
    put(rest_, ir_.binary(Op::Sub, get(rest_), bytes));
  }
  [[nodiscard]] IrValue equals(IrValue value, std::uint64_t constant) {
    return ir_.compare(Compare::Equal, value, ir_.i64(constant));
  }
  [[nodiscard]] IrValue is_one_of(IrValue value, std::initializer_list<std::uint64_t> constants);
  void leave_if(IrValue condition);
  // Runs `code` if the condition holds, which ends where what follows begins.
  template <class Code>
  void if_true(IrValue condition, Code&& code);

  void link();
  void bare();
  void vlan_tag();
  void network();
  void ipv4();
  void ipv6();
  void extension();
  void transport();
  void ports(IrValue at);
  void tcp();
  void udp();
  void icmp();

  Function& f_;
  Ir& ir_;
  PacketSource& source_;
  PacketRecord record_;
  IrBlock done_;
  IrValue offset_;    // Of what comes next.
  IrValue protocol_;  // Of what comes next.
  IrValue rest_;      // Bytes of the IP packet from there on.
};

IrValue PacketReader::is_one_of(IrValue value, std::initializer_list<std::uint64_t> constants) {
  IrValue any = ir_.boolean(false);
  for (const std::uint64_t constant : constants)
    any = ir_.binary(Op::Or, any, equals(value, constant));
  return any;
}

void PacketReader::leave_if(IrValue condition) {
  const IrBlock next = ir_.block();
  ir_.branch(condition, done_, next);
  ir_.enter(next);
}

template <class Code>
void PacketReader::if_true(IrValue condition, Code&& code) {
  const IrBlock then = ir_.block();
  const IrBlock next = ir_.block();
  ir_.branch(condition, then, next);
  ir_.enter(then);
  std::forward<Code>(code)();
  ir_.jump(next);
  ir_.enter(next);
}

void PacketReader::read() {
  record_.clear();
  if (wants(Id::Len)) record_.set(Id::Len, source_.length(f_));
  if (wants(Id::IfIndex)) record_.set(Id::IfIndex, source_.interface(f_));
  if (wants_network() || record_.wants_header(PacketHeader::Eth)) {
    if (f_.attach_point().has_link_header) {
      link();
    } else {
      bare();
    }
    record_.set(Id::EthProto, get(protocol_));
    if (wants_network()) network();
  }
  ir_.jump(done_);
  ir_.enter(done_);
}

void PacketReader::link() {
  const IrValue header = open(14);
  record_.copy(PacketHeader::Eth, header);
  const IrValue first = number(header, 12, 16);
  put(protocol_, first);
  put(offset_, ir_.i64(14));
  if (wants(Id::EthVlan)) {
    if (const IrValue taken = source_.vlan(f_)) record_.set(Id::EthVlan, taken);
  }
  for (int i = 0; i < kVlanTags; ++i) {
    if_true(is_one_of(get(protocol_), {kVlan, kServiceVlan}), [&] { vlan_tag(); });
  }
}

void PacketReader::vlan_tag() {
  constexpr std::uint64_t kNumber = 0xfff;
  const IrValue tag = open(4);
  put(protocol_, number(tag, 2, 16));
  if (wants(Id::EthVlan)) {
    const IrValue outer = record_.get(Id::EthVlan);
    const IrValue own = ir_.binary(Op::And, number(tag, 0, 16), ir_.i64(kNumber));
    record_.set(Id::EthVlan, ir_.select(ir_.is_nonzero(outer), outer, own));
  }
  put(offset_, ir_.add(get(offset_), 4));
}

// An IP packet as it is.
void PacketReader::bare() {
  const IrValue version = ir_.binary(Op::LShr, number(open(1), 0, 8), ir_.i64(4));
  const IrValue other = ir_.select(equals(version, 6), ir_.i64(kIPv6), ir_.i64(0));
  put(protocol_, ir_.select(equals(version, 4), ir_.i64(kIPv4), other));
}

void PacketReader::network() {
  const IrBlock is_v4 = ir_.block();
  const IrBlock is_other = ir_.block();
  const IrBlock is_v6 = ir_.block();
  const IrBlock next = ir_.block();
  const IrValue type = get(protocol_);
  ir_.branch(equals(type, kIPv4), is_v4, is_other);
  ir_.enter(is_v4);
  ipv4();
  ir_.jump(next);
  ir_.enter(is_other);
  ir_.branch(equals(type, kIPv6), is_v6, done_);
  ir_.enter(is_v6);
  ipv6();
  ir_.jump(next);
  ir_.enter(next);
  if (wants_transport()) transport();
}

void PacketReader::ipv4() {
  constexpr std::uint64_t kLeast = 20;
  const IrValue header = open(kLeast);
  record_.copy(PacketHeader::Ip, header);
  const IrValue length = number(header, 2, 16);
  const IrValue protocol = number(header, 9, 8);
  const IrValue fragment =
      ir_.binary(Op::Shl, ir_.binary(Op::And, number(header, 6, 16), ir_.i64(0x1fff)), ir_.i64(3));
  record_.set(Id::IpVersion, ir_.i64(4));
  record_.set(Id::IpTos, number(header, 1, 8));
  record_.set(Id::IpLen, length);
  record_.set(Id::IpId, number(header, 4, 16));
  record_.set(Id::IpProto, protocol);
  record_.set(Id::IpFrag, fragment);
  if (!wants_transport()) return;
  leave_if(ir_.is_nonzero(fragment));
  const IrValue words = ir_.binary(Op::And, number(header, 0, 8), ir_.i64(0xf));
  const IrValue bytes = ir_.binary(Op::Shl, words, ir_.i64(2));
  leave_if(ir_.compare(Compare::ULess, bytes, ir_.i64(kLeast)));
  put(protocol_, protocol);
  put(rest_, length);
  advance(bytes);
}

void PacketReader::ipv6() {
  constexpr std::uint64_t kBytes = 40;
  const IrValue header = open(kBytes);
  record_.copy(PacketHeader::Ip, header, true);
  const IrValue length = ir_.add(number(header, 4, 16), kBytes);
  const IrValue word = number(header, 0, 16);
  record_.set(Id::IpVersion, ir_.i64(6));
  record_.set(Id::IpTos,
              ir_.binary(Op::And, ir_.binary(Op::LShr, word, ir_.i64(4)), ir_.i64(0xff)));
  record_.set(Id::IpLen, length);
  put(protocol_, number(header, 6, 8));
  put(rest_, length);
  advance(ir_.i64(kBytes));
  if (!wants_transport() && !wants(Id::IpProto) && !wants(Id::IpFrag)) return;
  record_.set(Id::IpProto, get(protocol_));
  for (int i = 0; i < kExtensions; ++i) {
    const IrValue is_extension =
        is_one_of(get(protocol_), {kHopByHop, kRouting, kFragment, kAuthentication, kDestination});
    if_true(is_extension, [&] { extension(); });
  }
}

// Its first byte is the protocol behind it, its second one the length, in units that depend on the header.
void PacketReader::extension() {
  const IrValue kind = get(protocol_);
  const IrValue header = open(8);
  const IrValue units = number(header, 1, 8);
  const IrValue usual = ir_.binary(Op::Shl, ir_.add(units, 1), ir_.i64(3));
  const IrValue short_units = ir_.binary(Op::Shl, ir_.add(units, 2), ir_.i64(2));
  const IrValue next = number(header, 0, 8);
  const IrValue position = ir_.binary(Op::And, number(header, 2, 16), ir_.i64(0xfff8));
  const IrValue is_fragment = equals(kind, kFragment);
  IrValue bytes = ir_.select(equals(kind, kAuthentication), short_units, usual);
  bytes = ir_.select(is_fragment, ir_.i64(8), bytes);
  put(protocol_, next);
  record_.set(Id::IpProto, next);
  if_true(is_fragment, [&] {
    record_.set(Id::IpFrag, position);
    leave_if(ir_.is_nonzero(position));
  });
  advance(bytes);
}

void PacketReader::transport() {
  const IrValue protocol = get(protocol_);
  if (wants_tcp()) if_true(equals(protocol, kTcp), [&] { tcp(); });
  if (wants_udp()) if_true(equals(protocol, kUdp), [&] { udp(); });
  if (wants_icmp()) if_true(is_one_of(protocol, {kIcmp, kIcmp6}), [&] { icmp(); });
}

void PacketReader::ports(IrValue at) {
  if (wants(Id::SPort)) record_.set(Id::SPort, number(at, 0, 16));
  if (wants(Id::DPort)) record_.set(Id::DPort, number(at, 2, 16));
}

void PacketReader::tcp() {
  const IrValue header = open(20);
  record_.set(Id::HasTcp, ir_.i64(1));
  ports(header);
  record_.copy(PacketHeader::Tcp, header);
  if (!wants(Id::TcpPayload)) return;
  const IrValue words = ir_.binary(Op::LShr, number(header, 12, 8), ir_.i64(4));
  const IrValue bytes = ir_.binary(Op::Shl, words, ir_.i64(2));
  const IrValue rest = get(rest_);
  const IrValue payload = ir_.binary(Op::Sub, rest, bytes);
  // A header that says more than there is.
  const IrValue is_wrong = ir_.compare(Compare::SLess, rest, bytes);
  record_.set(Id::TcpPayload, ir_.select(is_wrong, ir_.i64(0), payload));
}

void PacketReader::udp() {
  const IrValue header = open(8);
  record_.set(Id::HasUdp, ir_.i64(1));
  ports(header);
  record_.copy(PacketHeader::Udp, header);
}

void PacketReader::icmp() {
  const IrValue header = open(8);
  record_.set(Id::HasIcmp, ir_.i64(1));
  record_.copy(PacketHeader::Icmp, header);
}

}  // namespace

void read_packet(Function& f, PacketSource& source, const PacketFields& wanted) {
  f.shared.packet = keep(f, f.attach_point().args->size());
  PacketReader(f, source, wanted).read();
}

}  // namespace sonde::codegen
