// Waiting for a record that is being written: bounded, and asleep.
#include "runtime/writer_wait.h"

#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <time.h>

#include "fake_ring.h"
#include "runtime/event_queue.h"

namespace sonde::runtime {
namespace {

double milliseconds(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

TEST(WriterWait, EndsAndSleepsMeanwhile) {
  const double began = milliseconds(CLOCK_MONOTONIC);
  const double used = milliseconds(CLOCK_THREAD_CPUTIME_ID);
  WriterWait wait;
  int turns = 0;
  while (wait.again()) ++turns;
  EXPECT_GT(turns, 0);
  EXPECT_FALSE(wait.again());
  const double took = milliseconds(CLOCK_MONOTONIC) - began;
  EXPECT_GE(took, WriterWait::kLongest);
  EXPECT_LT(milliseconds(CLOCK_THREAD_CPUTIME_ID) - used, took / 3);
}

// Looking at a queue whose next record is not written takes nothing, and does not wait by itself.
TEST(WriterWait, TheQueueLeavesWaitingToItsReader) {
  FakeRing ring;
  FakeRing kept;
  RingCursor ring_cursor{&ring.consumer, &ring.producer, ring, FakeRing::kBytes};
  RingCursor kept_cursor{&kept.consumer, &kept.producer, kept, FakeRing::kBytes};
  EventQueue queue{&ring_cursor, &kept_cursor};
  const auto take = [](Record) { return true; };
  ring.produce("one");
  kept.produce("unwritten", BPF_RINGBUF_BUSY_BIT);
  const double used = milliseconds(CLOCK_THREAD_CPUTIME_ID);
  EXPECT_EQ(queue.drain(UINT64_MAX, take), 0U);
  EXPECT_TRUE(queue.has_more());
  EXPECT_LT(milliseconds(CLOCK_THREAD_CPUTIME_ID) - used, 5.0);
  FakeRing other;
  RingCursor other_cursor{&other.consumer, &other.producer, other, FakeRing::kBytes};
  EventQueue events{&other_cursor, nullptr};
  other.produce("one");
  other.produce("two", BPF_RINGBUF_BUSY_BIT);
  EXPECT_EQ(events.drain(UINT64_MAX, take), 1U);
  EXPECT_EQ(events.drain(UINT64_MAX, take), 0U);
  EXPECT_TRUE(events.has_more());
}

}  // namespace
}  // namespace sonde::runtime
