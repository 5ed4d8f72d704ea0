#include "runtime/symbols/cgroups.h"

#include <gtest/gtest.h>

namespace sonde::runtime {
namespace {

TEST(Cgroups, UnknownIdHasNoPath) { EXPECT_EQ(CgroupPaths().path(UINT64_MAX, "*"), ""); }

}  // namespace
}  // namespace sonde::runtime
