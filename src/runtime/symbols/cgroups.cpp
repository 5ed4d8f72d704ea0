#include "runtime/symbols/cgroups.h"

#include <fmt/format.h>
#include <fts.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/glob.h"
#include "kernel/cgroups.h"

namespace sonde::runtime {
namespace {

// The id of a cgroup is the inode of its folder (5.5). Empty if the hierarchy has no such folder.
std::string find_folder(const std::string& mount, std::uint64_t id) {
  std::string root = mount;
  char* const roots[] = {root.data(), nullptr};
  FTS* tree = ::fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nullptr);
  if (tree == nullptr) return {};
  std::string found;
  while (const FTSENT* entry = ::fts_read(tree)) {
    if (entry->fts_info != FTS_D || entry->fts_statp->st_ino != id) continue;
    found = std::string(entry->fts_path).substr(mount.size());
    if (found.empty()) found.push_back('/');
    break;
  }
  ::fts_close(tree);
  return found;
}

}  // namespace

std::string CgroupPaths::path(std::uint64_t id, const std::string& filter) {
  const auto [slot, is_new] = known_.try_emplace({id, filter});
  if (!is_new) return slot->second;
  const auto mounts = read_file("/proc/self/mountinfo");
  if (!mounts) return {};
  std::string& text = slot->second;
  for (const kernel::CgroupHierarchy& hierarchy : kernel::parse_cgroup_mounts(*mounts)) {
    if (!glob_match(filter, hierarchy.name)) continue;
    const std::string folder = find_folder(hierarchy.mount, id);
    if (folder.empty()) continue;
    if (!text.empty()) text += ',';
    text += fmt::format("{}:{}", hierarchy.name, folder);
  }
  return text;
}

}  // namespace sonde::runtime
