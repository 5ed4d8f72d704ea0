#include "plan/entry_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sonde::plan {
namespace {

using ::testing::ElementsAre;

constexpr std::uint32_t kDi = 112, kDx = 96, kR9 = 64, kAx = 80, kSp = 152;

TEST(EntryWords, Registers) {
  const auto words = entry_words(Arch::X86_64, {{kDx, kR9}}, 16);
  ASSERT_TRUE(words.has_value());
  EXPECT_THAT(words->indices, ElementsAre(2, 5));
  EXPECT_FALSE(words->is_address);
  EXPECT_EQ(entry_bits(*words), 0b100100U);
  EXPECT_FALSE(entry_words(Arch::X86_64, {{kAx}}, 8).has_value());
}

TEST(EntryWords, Stack) {
  // The return address lies on top; arg6 is the first argument behind it.
  EXPECT_THAT(entry_words(Arch::X86_64, {{}, kSp, 8}, 4)->indices, ElementsAre(6));
  EXPECT_THAT(entry_words(Arch::X86_64, {{}, kSp, 24}, 20)->indices, ElementsAre(8, 9, 10));
  EXPECT_FALSE(entry_words(Arch::X86_64, {{}, kSp, 0}, 8).has_value());
  EXPECT_TRUE(entry_words(Arch::X86_64, {{}, kSp, 8}, 8 * 26).has_value());
  EXPECT_FALSE(entry_words(Arch::X86_64, {{}, kSp, 8}, 8 * 26 + 1).has_value());
}

TEST(EntryWords, Addresses) {
  const auto words = entry_words(Arch::X86_64, {{}, kDi, 0}, 400);
  ASSERT_TRUE(words.has_value());
  EXPECT_THAT(words->indices, ElementsAre(0));
  EXPECT_TRUE(words->is_address);
}

}  // namespace
}  // namespace sonde::plan
