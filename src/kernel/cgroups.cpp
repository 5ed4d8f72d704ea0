#include "kernel/cgroups.h"

#include <fts.h>

#include <algorithm>
#include <cerrno>

#include "base/file.h"
#include "base/text.h"

namespace sonde::kernel {
namespace {

// The mount point is the fifth field; behind a lone "-" stands the type of the file system: see proc(5).
std::string cgroup2_mount(std::string_view mountinfo) {
  for (const std::string_view line : split(mountinfo, '\n')) {
    const std::vector<std::string_view> fields = split(line, ' ');
    const auto dash = std::ranges::find(fields, "-");
    if (fields.end() - dash > 1 && dash[1] == "cgroup2") return std::string(fields[4]);
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> find_cgroups() {
  const auto mounts = read_file("/proc/self/mountinfo");
  if (!mounts) return std::unexpected(mounts.error());
  std::string root = cgroup2_mount(*mounts);
  if (root.empty()) {
    return fail("find the cgroups of version 2", ENOENT,
                "mount them: mount -t cgroup2 cgroup2 /sys/fs/cgroup");
  }
  char* const roots[] = {root.data(), nullptr};
  FTS* tree = ::fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nullptr);
  if (tree == nullptr) return fail_errno("read " + root);
  std::vector<std::string> found;
  while (const FTSENT* entry = ::fts_read(tree)) {
    if (entry->fts_info == FTS_D) found.emplace_back(entry->fts_path);
  }
  ::fts_close(tree);
  std::ranges::sort(found);
  return found;
}

}  // namespace sonde::kernel
