#include "runtime/symbols/jit_maps.h"

#include <gtest/gtest.h>

namespace sonde::runtime {
namespace {

TEST(JitMap, FindsTheFunctionAround) {
  const JitMap map("1000 10 first name\n1010 20 second\n");
  EXPECT_FALSE(map.find(0xfff));
  EXPECT_EQ(map.find(0x1000)->name, "first name");
  EXPECT_EQ(map.find(0x100f)->offset, 0xfU);
  EXPECT_EQ(map.find(0x1010)->name, "second");
  EXPECT_EQ(map.find(0x102f)->name, "second");
  EXPECT_FALSE(map.find(0x1030));
}

TEST(JitMap, TheLaterLineOfReplacedCodeCounts) {
  const JitMap map("1000 100 old\n1080 10 new\n2000 10 a\n2000 10 b\n");
  EXPECT_EQ(map.find(0x1040)->name, "old");
  EXPECT_EQ(map.find(0x1088)->name, "new");
  EXPECT_EQ(map.find(0x10a0)->name, "old");
  EXPECT_EQ(map.find(0x2004)->name, "b");
}

TEST(JitMap, OddLinesArePassedOver) {
  const JitMap map(
      "\nnonsense\n0x1000 0x10 hexadecimal\n1000\n1000 10\n1000 0 empty\n"
      "ffffffffffffffff 10 beyond the end\n3000 10 last\n4000 10 half of a na");
  EXPECT_EQ(map.find(0x1000)->name, "hexadecimal");
  EXPECT_FALSE(map.find(UINT64_MAX));
  EXPECT_EQ(map.find(0x3005)->name, "last");
  EXPECT_FALSE(map.find(0x4005));
  EXPECT_FALSE(JitMap("").find(0));
}

}  // namespace
}  // namespace sonde::runtime
