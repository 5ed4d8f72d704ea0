// The ring buffer's layout, in plain memory.
#include "runtime/ring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fake_ring.h"

namespace sonde::runtime {
namespace {

using ::testing::ElementsAre;

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
