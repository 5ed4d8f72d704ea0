// Messages in the wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding), as far as a profile needs
// it: numbers, bytes, messages in messages and packed lists of numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sonde::output {

class WireMessage {
 public:
  // A field of the value 0 is left out, which means the same.
  void number(std::uint32_t field, std::uint64_t value) {
    if (value == 0) return;
    varint(std::uint64_t{field} << 3);
    varint(value);
  }
  void bytes(std::uint32_t field, std::string_view value) {
    varint((std::uint64_t{field} << 3) | 2);
    varint(value.size());
    bytes_ += value;
  }
  void message(std::uint32_t field, const WireMessage& value) { bytes(field, value.bytes_); }
  void numbers(std::uint32_t field, std::span<const std::uint64_t> values) {
    WireMessage packed;
    for (const std::uint64_t value : values) packed.varint(value);
    bytes(field, packed.bytes_);
  }
  [[nodiscard]] const std::string& encoded() const { return bytes_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7f) | 0x80);
    bytes_ += static_cast<char>(value);
  }
  std::string bytes_;
};

}  // namespace sonde::output
