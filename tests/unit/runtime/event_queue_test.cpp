// Events and kept actions, put in order.
#include "runtime/event_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fake_ring.h"

namespace sonde::runtime {
namespace {

using ::testing::ElementsAre;

class EventQueueTest : public ::testing::Test {
 protected:
  std::vector<std::string> drain(std::uint64_t until = UINT64_MAX) {
    std::vector<std::string> taken;
    queue.drain(until, [&](Record record) {
      taken.emplace_back(reinterpret_cast<const char*>(record.data()), record.size());
      return true;
    });
    return taken;
  }
  // An action that was sent when the events stood at `position`.
  void keep(const std::string& text, std::uint64_t position, std::uint32_t flags = 0) {
    kept.produce(text + std::string(reinterpret_cast<const char*>(&position), sizeof position),
                 flags);
  }
  FakeRing ring;
  FakeRing kept;
  RingCursor ring_cursor{&ring.consumer, &ring.producer, ring, FakeRing::kBytes};
  RingCursor kept_cursor{&kept.consumer, &kept.producer, kept, FakeRing::kBytes};
  EventQueue queue{&ring_cursor, &kept_cursor};
};

TEST_F(EventQueueTest, KeptActionsStandWhereTheyWereSent) {
  ring.produce("one");
  keep("clear", ring.producer);
  ring.produce("two");
  keep("print", ring.producer);
  EXPECT_THAT(drain(), ElementsAre("one", "clear", "two", "print"));
  EXPECT_FALSE(queue.has_more());
}

// Two CPUs: the one that looked first may write last.
TEST_F(EventQueueTest, KeptActionsInTheOrderOfPositions) {
  ring.produce("one");
  const std::uint64_t first = ring.producer;
  ring.produce("two");
  keep("late", ring.producer);
  keep("early", first);
  EXPECT_THAT(drain(), ElementsAre("one", "early", "two", "late"));
}

TEST_F(EventQueueTest, ActionsWithoutEvents) {
  keep("print", 0);
  EXPECT_TRUE(queue.has_more());
  EXPECT_THAT(drain(), ElementsAre("print"));
}

// The event that is being written may come from the CPU that has kept the action.
TEST_F(EventQueueTest, AnActionWaitsForTheEventsBeforeIt) {
  ring.produce("one");
  const std::uint64_t busy = ring.producer;
  ring.produce("two", BPF_RINGBUF_BUSY_BIT);
  keep("clear", ring.producer);
  EXPECT_THAT(drain(), ElementsAre("one"));
  EXPECT_TRUE(queue.has_more());
  EXPECT_FALSE(queue.reached(ring.producer));
  ring.commit(busy, 3);
  EXPECT_THAT(drain(), ElementsAre("two", "clear"));
  EXPECT_TRUE(queue.reached(ring.producer));
}

// Behind one that is being written there may be one that belongs before the events that lie there.
TEST_F(EventQueueTest, EventsWaitForActionsThatAreBeingWritten) {
  ring.produce("one");
  const std::uint64_t busy = kept.producer;
  keep("x", ring.producer, BPF_RINGBUF_BUSY_BIT);
  keep("early", 0);
  EXPECT_THAT(drain(), ElementsAre());
  EXPECT_TRUE(queue.has_more());
  kept.commit(busy, 9);
  EXPECT_THAT(drain(), ElementsAre("early", "one", "x"));
}

TEST_F(EventQueueTest, LimitedByAPosition) {
  ring.produce("one");
  keep("before", ring.producer);
  const std::uint64_t limit = ring.producer;
  ring.produce("two");
  keep("after", ring.producer);
  EXPECT_THAT(drain(limit), ElementsAre("one", "before"));
  EXPECT_TRUE(queue.reached(limit));
  queue.skip();
  EXPECT_FALSE(queue.has_more());
  EXPECT_THAT(drain(), ElementsAre());
}

TEST_F(EventQueueTest, WithoutRings) {
  EventQueue none(static_cast<RingCursor*>(nullptr), nullptr);
  none.drain(UINT64_MAX, [](Record) { return true; });
  EXPECT_TRUE(none.reached(UINT64_MAX));
  EXPECT_FALSE(none.has_more());
  EXPECT_EQ(none.produced(), 0U);
}

}  // namespace
}  // namespace sonde::runtime
