#include "base/check.h"

#include <gtest/gtest.h>

namespace {

TEST(CheckDeathTest, NamesTheConditionAndThePlace) {
  const int two = 2;
  EXPECT_DEATH(SONDE_CHECK(two == 3), "internal error: two == 3\n.*check_test.cpp:[0-9]+ in ");
}

TEST(CheckDeathTest, UnreachableAborts) { EXPECT_DEATH(SONDE_UNREACHABLE(), "unreachable"); }

TEST(CheckTest, ATrueConditionIsEvaluatedOnceAndGoesOn) {
  int evaluated = 0;
  SONDE_CHECK(++evaluated == 1);
  EXPECT_EQ(evaluated, 1);
}

}  // namespace
