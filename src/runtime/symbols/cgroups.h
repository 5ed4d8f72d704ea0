// Paths of cgroups by id.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sonde::runtime {

// Where a hierarchy of cgroups is mounted.
struct CgroupHierarchy {
  std::string name;   // "unified" for version 2, else the mount's folder, e.g. "cpu,cpuacct".
  std::string mount;  // "/sys/fs/cgroup"
  bool operator==(const CgroupHierarchy&) const = default;
};

// From the text of /proc/self/mountinfo.
[[nodiscard]] std::vector<CgroupHierarchy> parse_cgroup_mounts(std::string_view mountinfo);

class CgroupPaths {
 public:
  // "unified:/system.slice/ssh.service" for each hierarchy that has the id and whose name matches the pattern `filter`,
  // separated by commas; "" if there is none.
  std::string path(std::uint64_t id, const std::string& filter);

 private:
  std::map<std::pair<std::uint64_t, std::string>, std::string> known_;
};

}  // namespace sonde::runtime
