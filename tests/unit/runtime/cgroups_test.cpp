#include "runtime/symbols/cgroups.h"

#include <gtest/gtest.h>

namespace sonde::runtime {
namespace {

TEST(Cgroups, MountsOfBothVersions) {
  const auto mounts = parse_cgroup_mounts(
      "10 31 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
      "11 32 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu\n"
      "12 33 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
  const std::vector<CgroupHierarchy> wanted = {{"cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct"},
                                               {"unified", "/sys/fs/cgroup/unified"}};
  EXPECT_EQ(mounts, wanted);
}

TEST(Cgroups, UnknownIdHasNoPath) { EXPECT_EQ(CgroupPaths().path(UINT64_MAX, "*"), ""); }

}  // namespace
}  // namespace sonde::runtime
