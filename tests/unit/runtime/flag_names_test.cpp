#include "runtime/symbols/flag_names.h"

#include <gmock/gmock.h>

namespace sonde::runtime {
namespace {

// As Linux 6.1 and 6.18 write the table, shortened.
constexpr std::string_view kOlder =
    R"(print fmt: "flags=%s", (REC->gfp_flags) ? __print_flags(REC->gfp_flags, "|", {(unsigned long)((( gfp_t)(0x400u|0x800u)) | (( gfp_t)0x40u) | (( gfp_t)0x80u)), "GFP_KERNEL"}, {(unsigned long)(( gfp_t)0x40u), "__GFP_IO"}, {(unsigned long)0x1000000u, "__GFP_SKIP"} ) : "none", {1, "other"})";
constexpr std::string_view kNewer =
    R"(__print_flags(REC->gfp_flags, "|", {( unsigned long)(((( gfp_t)(((((1UL))) << (10))|((((1UL))) << (11)))) | (( gfp_t)((((1UL))) << (6)))) & ~(( gfp_t)((((1UL))) << (11)))), "A"}, {( unsigned long)(( gfp_t)((((1UL))) << (6))), "B"}))";

std::vector<std::pair<std::uint64_t, std::string>> pairs(std::string_view format) {
  std::vector<std::pair<std::uint64_t, std::string>> found;
  for (const FlagName& flag : parse_flag_names(format)) found.emplace_back(flag.bits, flag.name);
  return found;
}

TEST(FlagNames, AreReadFromTheFormatOfATraceEvent) {
  EXPECT_THAT(pairs(kOlder), testing::ElementsAre(testing::Pair(0xcc0, "GFP_KERNEL"),
                                                  testing::Pair(0x40, "__GFP_IO"),
                                                  testing::Pair(0x1000000, "__GFP_SKIP")));
  EXPECT_THAT(pairs(kNewer),
              testing::ElementsAre(testing::Pair(0x440, "A"), testing::Pair(0x40, "B")));
}

TEST(FlagNames, LeaveOutWhatIsNoConstant) {
  EXPECT_THAT(pairs("__print_flags(x, \"|\", {(1 << ___BIT), \"A\"}, {((2), \"B\"}, {4 << 64, "
                    "\"C\"}, {8, \"D\"})"),
              testing::ElementsAre(testing::Pair(8, "D")));
  EXPECT_THAT(pairs("print fmt: \"%d\", REC->x"), testing::IsEmpty());
  EXPECT_THAT(pairs("__print_flags(x, {" + std::string(100000, '(') + ", \"A\"})"),
              testing::IsEmpty());
}

TEST(FlagNames, TheFirstThatFitsIsTaken) {
  const std::vector<FlagName> names = {{0xc0, "BOTH"}, {0x40, "ONE"}, {0x80, "OTHER"}};
  EXPECT_EQ(name_flags(names, 0xc0), "BOTH");
  EXPECT_EQ(name_flags(names, 0x40), "ONE");
  EXPECT_EQ(name_flags(names, 0x180), "OTHER|0x100");
  EXPECT_EQ(name_flags(names, 0), "none");
  EXPECT_EQ(name_flags({}, 0x40), "0x40");
}

}  // namespace
}  // namespace sonde::runtime
