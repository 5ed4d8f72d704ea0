// How xdp, tc and cgroup_skb programs reach the packet. Offsets in struct xdp_md and struct __sk_buff: the kernel's
// include/uapi/linux/bpf.h.
#include "base/check.h"
#include "codegen/context/packet.h"

namespace sonde::codegen {
namespace {

IrValue load_word(Function& f, std::int64_t offset) {
  const IrValue word = f.ir.load(32, f.ir.offset(f.context, offset), 4, Volatile::Yes);
  return f.ir.resize(word, 64, false);
}

// Plain loads behind a comparison with the packet's end. The alignment that the loads claim is not true, which neither x86 nor
// ARM64 minds, and the verifier neither (CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS).
class XdpSource final : public PacketSource {
 public:
  explicit XdpSource(Function& f) : data_(load_word(f, kData)), end_(load_word(f, kDataEnd)) {}

  IrValue open(Function& f, IrValue offset, std::uint32_t size, IrBlock absent) override {
    const IrValue header = f.ir.offset(f.ir.to_pointer(data_), offset);
    const IrValue behind = f.ir.offset(header, std::int64_t{size});
    const IrBlock present = f.ir.block();
    f.ir.branch(f.ir.compare(Compare::UGreater, behind, f.ir.to_pointer(end_)), absent, present);
    f.ir.enter(present);
    return header;
  }
  // Of the first buffer, where a driver that is set to large packets hands out several.
  IrValue length(Function& f) override { return f.ir.binary(Op::Sub, end_, data_); }
  IrValue interface(Function& f) override { return load_word(f, kIngressIndex); }

 private:
  static constexpr std::int64_t kData = 0;
  static constexpr std::int64_t kDataEnd = 4;
  static constexpr std::int64_t kIngressIndex = 12;
  IrValue data_;
  IrValue end_;
};

// By a helper, which finds also what lies outside of the buffer's linear part.
class SkbSource : public PacketSource {
 public:
  explicit SkbSource(Function& f) : header_(f.ir.stack_slot(kLargest)) {}

  IrValue open(Function& f, IrValue offset, std::uint32_t size, IrBlock absent) override {
    SONDE_CHECK(size <= kLargest);
    const IrValue failed =
        f.ir.call(Helper::SkbLoadBytes, {f.context, offset, header_, f.ir.i64(size)});
    const IrBlock present = f.ir.block();
    f.ir.branch(f.ir.is_nonzero(failed), absent, present);
    f.ir.enter(present);
    return header_;
  }
  IrValue length(Function& f) override { return load_word(f, kLength); }
  IrValue interface(Function& f) override { return load_word(f, kInterface); }

 private:
  static constexpr std::uint32_t kLargest = 40;
  static constexpr std::int64_t kLength = 0;
  static constexpr std::int64_t kInterface = 40;
  IrValue header_;
};

class TcSource final : public SkbSource {
 public:
  using SkbSource::SkbSource;
  IrValue vlan(Function& f) override {
    constexpr std::int64_t kPresent = 20;
    constexpr std::int64_t kTag = 24;
    constexpr std::uint64_t kNumber = 0xfff;
    const IrValue number = f.ir.binary(Op::And, load_word(f, kTag), f.ir.i64(kNumber));
    return f.ir.select(f.ir.is_nonzero(load_word(f, kPresent)), number, f.ir.i64(0));
  }
};

Value packet_arguments(Function& f, const types::Type* type) {
  return memory_value(type, kept(f, f.shared.packet));
}

template <class Source>
void prepare(Function& f, const ast::Probe& probe) {
  const PacketFields wanted = packet_uses(probe);
  if (wanted.none()) return;
  Source source(f);
  read_packet(f, source, wanted);
}

// The verifier of cgroup_skb programs wants to see that the result is 0 or 1.
IrValue lowest_bit(Function& f, IrValue verdict) {
  return f.ir.binary(Op::And, f.ir.opaque(verdict), f.ir.i64(1));
}

constexpr std::uint32_t kXdpDrop = 1;
constexpr std::uint32_t kTcShot = 2;

}  // namespace

ContextAccess xdp_access() {
  return {.prepare = prepare<XdpSource>, .arguments = packet_arguments, .dropped = kXdpDrop};
}

ContextAccess tc_access() {
  return {.prepare = prepare<TcSource>, .arguments = packet_arguments, .dropped = kTcShot};
}

ContextAccess cgroup_skb_access() {
  return {.prepare = prepare<SkbSource>,
          .arguments = packet_arguments,
          .dropped = 0,
          .returned = lowest_bit};
}

}  // namespace sonde::codegen
