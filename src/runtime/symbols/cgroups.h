// Paths of cgroups by id.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace sonde::runtime {

class CgroupPaths {
 public:
  // "unified:/system.slice/ssh.service" for each hierarchy that has the id and whose name matches the pattern `filter`,
  // separated by commas; "" if there is none.
  std::string path(std::uint64_t id, const std::string& filter);

 private:
  std::map<std::pair<std::uint64_t, std::string>, std::string> known_;
};

}  // namespace sonde::runtime
