// What decode_top() makes of counters that several CPUs have kept as the programs do, against the truth.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "fake_names.h"
#include "runtime/decode.h"
#include "runtime/merge.h"
#include "types/hash.h"

namespace sonde::runtime {
namespace {

using Words = std::vector<std::uint64_t>;

std::uint64_t hash_of(std::uint64_t key) {
  return types::hash_words(std::as_bytes(std::span(&key, 1)));
}

class Top : public ::testing::Test {
 protected:
  // One CPU's value for keys of 8 bytes.
  void add(Words& words, std::uint64_t key, std::uint64_t weight) const {
    const std::uint32_t counters = type.top_counters();
    std::uint64_t* first = words.data() + types::kTopHeader;
    const auto value = [&](std::uint32_t i) -> std::uint64_t& {
      return first[i * types::kTopCounterWords + types::kTopValue];
    };
    std::uint64_t* keys = first + std::size_t{types::kTopCounterWords} * counters;
    words[types::kTopTotal] += weight;
    std::uint32_t smallest = 0;
    for (std::uint32_t i = 0; i < counters; ++i) {
      if (value(i) != 0 && keys[i] == key) {
        value(i) += weight;
        return;
      }
      if (value(i) < value(smallest)) smallest = i;
    }
    std::uint64_t* counter = first + std::size_t{smallest} * types::kTopCounterWords;
    counter[types::kTopHash] = hash_of(key);
    counter[types::kTopError] = counter[types::kTopValue];
    counter[types::kTopValue] += weight;
    keys[smallest] = key;
  }

  output::TopValue decoded(const std::vector<Words>& cpus) {
    std::vector<std::byte> bytes;
    for (const Words& cpu : cpus) {
      const auto part = std::as_bytes(std::span(cpu));
      bytes.insert(bytes.end(), part.begin(), part.end());
    }
    const Merged merged = merge(type, bytes, false);
    return std::get<output::TopValue>(decode(type, merged.bytes, names).data);
  }

  [[nodiscard]] Words empty() const { return Words(type.size() / 8); }

  static std::uint64_t number(const output::Value& key) {
    return std::get<output::Integer>(key.data).bits;
  }

  types::Context context;
  const types::Type& type = *context.top(context.uint64(), 10);
  FakeNames names;
  std::mt19937_64 random{42};
};

TEST_F(Top, FewKeysAreExact) {
  std::vector<Words> cpus(3, empty());
  for (std::uint64_t key = 0; key < 100; ++key) add(cpus[key % 3], key, key * 2);
  for (std::uint64_t key = 90; key < 100; ++key) add(cpus[0], key, 1000);
  const output::TopValue top = decoded(cpus);
  EXPECT_EQ(top.total, 99U * 100 + 10'000);
  ASSERT_EQ(top.keys.size(), 10U);
  for (std::uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(number(top.keys[i].key), 99 - i);
    EXPECT_EQ(top.keys[i].value, (99 - i) * 2 + 1000);
    EXPECT_EQ(top.keys[i].at_most, top.keys[i].value);
  }
}

// 20,000 keys that come once, in whatever order among 12 heavy ones.
TEST_F(Top, BoundsHoldInAFloodOfKeys) {
  for (const std::size_t count : {1U, 2U, 7U}) {
    std::vector<Words> cpus(count, empty());
    std::vector<std::uint64_t> events;
    for (std::uint64_t key = 1; key <= 12; ++key) events.insert(events.end(), key * 200, key);
    for (std::uint64_t key = 0; key < 20'000; ++key) events.push_back(1'000'000 + key);
    std::ranges::shuffle(events, random);
    std::map<std::uint64_t, std::uint64_t> truth;
    for (const std::uint64_t key : events) {
      const std::uint64_t weight = 1 + random() % 3;
      truth[key] += weight;
      add(cpus[random() % count], key, weight);
    }
    std::uint64_t total = 0;
    for (const auto& [key, weight] : truth) total += weight;
    const output::TopValue top = decoded(cpus);
    EXPECT_EQ(top.total, total);
    ASSERT_EQ(top.keys.size(), 10U);
    for (const output::TopKey& shown : top.keys) {
      const std::uint64_t exact = truth[number(shown.key)];
      EXPECT_LE(shown.value, exact);
      EXPECT_GE(shown.at_most, exact);
      EXPECT_LE(exact - shown.value, total / 128);
    }
    // Whoever has 1/11 + 1/128 of all is there.
    for (const auto& [key, weight] : truth) {
      if (weight <= total / 11 + total / 128) continue;
      EXPECT_TRUE(std::ranges::any_of(top.keys, [&](const output::TopKey& shown) {
        return number(shown.key) == key;
      })) << key;
    }
    EXPECT_EQ(number(top.keys[0].key), 12U);
  }
}

// A counter that was read while it changed its key counts for nobody, and for everybody's bound; so does what was missed.
TEST_F(Top, WhatNobodyKnowsWidensTheBounds) {
  std::vector<Words> cpus(1, empty());
  add(cpus[0], 5, 70);
  add(cpus[0], 6, 20);
  constexpr std::size_t kSecond =
      std::size_t{types::kTopHeader} + std::size_t{types::kTopCounterWords};
  cpus[0][kSecond + types::kTopHash] ^= 1;
  cpus[0][types::kTopMissed] = 3;
  const output::TopValue top = decoded(cpus);
  EXPECT_EQ(top.total, 93U);
  ASSERT_EQ(top.keys.size(), 1U);
  EXPECT_EQ(number(top.keys[0].key), 5U);
  EXPECT_EQ(top.keys[0].value, 70U);
  EXPECT_EQ(top.keys[0].at_most, 93U);
}

TEST_F(Top, NothingSeen) {
  const output::TopValue top = decoded({empty(), empty()});
  EXPECT_EQ(top.total, 0U);
  EXPECT_TRUE(top.keys.empty());
}

// However long the keys are, a value fits into a map; short ones have at least 128 counters.
TEST_F(Top, CountersFitTheirKeys) {
  EXPECT_EQ(type.top_counters(), 128U);
  EXPECT_EQ(context.top(context.uint64(), 50)->top_counters(), 200U);
  for (const std::uint32_t bytes : {1U, 64U, 300U, 1024U, 4000U}) {
    const types::Type& large = *context.top(context.string(bytes), 4);
    EXPECT_LE(large.size(), types::kTopBytes) << bytes;
    EXPECT_GE(large.top_counters(), 8U) << bytes;
  }
}

}  // namespace
}  // namespace sonde::runtime
