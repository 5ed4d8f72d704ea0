#include "kernel/cgroups.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "temporary_folder.h"

namespace sonde::kernel {
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

const std::string kWeb = "1a2b" + std::string(60, '0');
const std::string kData = "1a2c" + std::string(60, '0');

class ContainerTest : public testing::Test {
 protected:
  void add(const std::string& cgroup) const {
    std::filesystem::create_directories(folder_.path("cgroup/" + cgroup));
  }
  std::string find(const std::string& name) const {
    const auto found = find_container(name, places_);
    if (!found) return found.error().message();
    return found->substr(places_.cgroups.size());
  }
  TemporaryFolder folder_;
  ContainerPlaces places_{folder_.path("cgroup"), folder_.path("docker"),
                          folder_.path("containers.json")};
};

TEST_F(ContainerTest, NamesOfEngines) {
  add("system.slice/docker-" + kWeb + ".scope");
  add("machine.slice/libpod-" + kData + ".scope/container");
  add("machine.slice/machine-my\\x2dbox.scope");
  add("lxc.payload.alpine/init.scope");
  add("system.slice/nginx.service");
  EXPECT_EQ(find(kWeb), "/system.slice/docker-" + kWeb + ".scope");
  EXPECT_EQ(find("1a2b"), "/system.slice/docker-" + kWeb + ".scope");
  EXPECT_EQ(find(kData.substr(0, 12)), "/machine.slice/libpod-" + kData + ".scope");
  EXPECT_EQ(find("my-box"), "/machine.slice/machine-my\\x2dbox.scope");
  EXPECT_EQ(find("alpine"), "/lxc.payload.alpine");
}

// A container may have the name of a unit of the host.
TEST_F(ContainerTest, UnitsOfTheHostAreNone) {
  add("system.slice/nginx.service");
  add("system.slice/my\\x2dunit.service");
  for (const char* name : {"nginx", "nginx.service", "my-unit"}) {
    const auto found = find_container(name, places_);
    ASSERT_FALSE(found.has_value()) << name;
    EXPECT_NE(found.error().hint.find("a unit of this host has that name: --cgroup "),
              std::string::npos)
        << found.error().hint;
  }
  add("machine.slice/machine-nginx.scope");
  EXPECT_EQ(find("nginx"), "/machine.slice/machine-nginx.scope");
}

TEST_F(ContainerTest, NamesThatEnginesRemember) {
  add("docker/" + kWeb);
  add("machine.slice/libpod-" + kData + ".scope");
  folder_.add("docker/" + kWeb + "/config.v2.json", R"({"ID":"1a2b","Name":"/web","Path":"sh"})");
  folder_.add("containers.json", R"([{"id":"ff00","names":["other"]},{"id":")" + kData +
                                     R"(","names":["data"],"image":"x"}])");
  EXPECT_EQ(find("web"), "/docker/" + kWeb);
  EXPECT_EQ(find("data"), "/machine.slice/libpod-" + kData + ".scope");
  EXPECT_NE(find("other").find("find the cgroup of a container 'other'"), std::string::npos)
      << find("other");
}

TEST_F(ContainerTest, Mistakes) {
  add("system.slice/docker-" + kWeb + ".scope");
  add("system.slice/docker-" + kData + ".scope");
  EXPECT_NE(find("1a2").find("find the cgroup"), std::string::npos);
  EXPECT_NE(find("nothing").find("find the cgroup"), std::string::npos);
  const std::string kTwin = "1a2b1" + std::string(59, '0');
  add("system.slice/docker-" + kTwin + ".scope");
  EXPECT_NE(find("1a2b").find("is more than one container"), std::string::npos) << find("1a2b");
  EXPECT_EQ(find("1a2b1"), "/system.slice/docker-" + kTwin + ".scope");
}

}  // namespace
}  // namespace sonde::kernel
