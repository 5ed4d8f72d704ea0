// A ring buffer in plain memory, written as the kernel does.
#pragma once

#include <linux/bpf.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "runtime/ring.h"

namespace sonde::runtime {

class FakeRing final : public RingMemory {
 public:
  static constexpr std::size_t kBytes = 64;

  // As the kernel does, but without its second mapping: a record that wraps is written in both places.
  void produce(const std::string& text, std::uint32_t flags = 0) {
    const auto length = static_cast<std::uint32_t>(text.size()) | flags;
    put(producer, &length, sizeof length);
    put(producer + BPF_RINGBUF_HDR_SZ, text.data(), text.size());
    producer += (text.size() + BPF_RINGBUF_HDR_SZ + 7) / 8 * 8;
  }
  const std::byte* at(std::size_t offset) override { return data + offset; }
  void commit(std::uint64_t position, std::uint32_t length) {
    put(position, &length, sizeof length);
  }

  unsigned long consumer = 0;
  unsigned long producer = 0;
  alignas(8) std::byte data[2 * kBytes] = {};

 private:
  void put(std::uint64_t position, const void* bytes, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t at = (position + i) % kBytes;
      data[at] = data[at + kBytes] = static_cast<const std::byte*>(bytes)[i];
    }
  }
};

}  // namespace sonde::runtime
