// The ring buffer's layout, in plain memory.
#include "runtime/ring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>

#include <cstring>
#include <string>
#include <vector>

namespace sonde::runtime {
namespace {

using ::testing::ElementsAre;

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

class RingCursorTest : public ::testing::Test {
 protected:
  std::vector<std::string> drain(std::uint64_t until = UINT64_MAX) {
    std::vector<std::string> taken;
    cursor.drain(until, [&](Record record) {
      taken.emplace_back(reinterpret_cast<const char*>(record.data()), record.size());
      return true;
    });
    return taken;
  }
  FakeRing ring;
  RingCursor cursor{&ring.consumer, &ring.producer, ring, FakeRing::kBytes};
};

TEST_F(RingCursorTest, TakesRecordsInOrder) {
  EXPECT_THAT(drain(), ElementsAre());
  ring.produce("one");
  ring.produce("twotwotwo");
  EXPECT_THAT(drain(), ElementsAre("one", "twotwotwo"));
  EXPECT_EQ(ring.consumer, ring.producer);
  EXPECT_THAT(drain(), ElementsAre());
}

TEST_F(RingCursorTest, PassesOverDiscardedRecords) {
  ring.produce("a");
  ring.produce("b", BPF_RINGBUF_DISCARD_BIT);
  ring.produce("c");
  EXPECT_THAT(drain(), ElementsAre("a", "c"));
}

TEST_F(RingCursorTest, WaitsForARecordThatIsBeingWritten) {
  ring.produce("a");
  const std::uint64_t busy = ring.producer;
  ring.produce("b", BPF_RINGBUF_BUSY_BIT);
  ring.produce("c");
  EXPECT_THAT(drain(), ElementsAre("a"));
  EXPECT_FALSE(cursor.reached(cursor.produced()));
  ring.commit(busy, 1);
  EXPECT_THAT(drain(), ElementsAre("b", "c"));
  EXPECT_TRUE(cursor.reached(cursor.produced()));
}

TEST_F(RingCursorTest, StopsAtALimit) {
  ring.produce("a");
  const std::uint64_t limit = cursor.produced();
  ring.produce("b");
  EXPECT_THAT(drain(limit), ElementsAre("a"));
  EXPECT_THAT(drain(), ElementsAre("b"));
}

TEST_F(RingCursorTest, StopsWhenToldTo) {
  ring.produce("a");
  ring.produce("b");
  EXPECT_EQ(cursor.drain(UINT64_MAX, [](Record) { return false; }), 1U);
  EXPECT_THAT(drain(), ElementsAre("b"));
}

TEST_F(RingCursorTest, RecordsWrapAround) {
  for (int round = 0; round < 20; ++round) {
    const std::string text(static_cast<std::size_t>(round % 24), 'x');
    ring.produce(text);
    EXPECT_THAT(drain(), ElementsAre(text)) << "round " << round;
  }
}

}  // namespace
}  // namespace sonde::runtime
