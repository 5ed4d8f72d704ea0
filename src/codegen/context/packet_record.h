// The record of `args` in packet probes, under construction.
#pragma once

#include "codegen/context/packet.h"

namespace sonde::codegen {

class PacketRecord {
 public:
  PacketRecord(Function& f, const PacketFields& wanted)
      : f_(f), wanted_(wanted), memory_(kept(f, f.shared.packet)) {}

  [[nodiscard]] bool wants(builtins::PacketFieldId id) const {
    return wanted_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] bool wants_header(builtins::PacketHeader header) const;

  // Makes all fields that are wanted zero.
  void clear();
  // An i64.
  [[nodiscard]] IrValue get(builtins::PacketFieldId id);
  // Does nothing if the field is not wanted.
  void set(builtins::PacketFieldId id, IrValue value);
  // The fields of the header whose bytes lie behind the pointer, as far as they have a place there.
  void copy(builtins::PacketHeader header, IrValue from, bool is_v6 = false);

 private:
  [[nodiscard]] Memory place(const builtins::PacketField& field);
  void copy(const builtins::PacketField& field, IrValue from, bool is_v6);

  Function& f_;
  const PacketFields& wanted_;
  Memory memory_;
};

// The number in network byte order at `offset`, as an i64.
[[nodiscard]] IrValue packet_number(Ir& ir, IrValue from, std::int64_t offset, std::uint32_t bits);

}  // namespace sonde::codegen
