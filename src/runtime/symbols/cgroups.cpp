#include "runtime/symbols/cgroups.h"

#include <fts.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/glob.h"
#include "base/text.h"

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
    if (found.empty()) found = "/";
    break;
  }
  ::fts_close(tree);
  return found;
}

}  // namespace

// Fields: see proc(5). The mount point is the fifth; behind a lone "-" stands the type of the file system.
std::vector<CgroupHierarchy> parse_cgroup_mounts(std::string_view mountinfo) {
  std::vector<CgroupHierarchy> mounts;
  for (const std::string_view line : split(mountinfo, '\n')) {
    const std::vector<std::string_view> fields = split(line, ' ');
    std::string_view type;
    for (std::size_t i = 5; i + 1 < fields.size(); ++i) {
      if (fields[i] == "-") type = fields[i + 1];
    }
    const bool is_unified = type == "cgroup2";
    if (!is_unified && type != "cgroup") continue;
    const std::string mount(fields[4]);
    mounts.push_back({is_unified ? "unified" : mount.substr(mount.rfind('/') + 1), mount});
  }
  return mounts;
}

std::string CgroupPaths::path(std::uint64_t id, const std::string& filter) {
  const auto [slot, is_new] = known_.try_emplace({id, filter});
  if (!is_new) return slot->second;
  const auto mounts = read_file("/proc/self/mountinfo");
  if (!mounts) return {};
  std::string& text = slot->second;
  for (const CgroupHierarchy& hierarchy : parse_cgroup_mounts(*mounts)) {
    if (!glob_match(filter, hierarchy.name)) continue;
    const std::string folder = find_folder(hierarchy.mount, id);
    if (folder.empty()) continue;
    if (!text.empty()) text += ',';
    text += hierarchy.name + ":" + folder;
  }
  return text;
}

}  // namespace sonde::runtime
