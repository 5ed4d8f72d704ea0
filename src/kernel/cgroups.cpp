#include "kernel/cgroups.h"

#include <dirent.h>
#include <fmt/format.h>
#include <fts.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"

namespace sonde::kernel {
namespace {

constexpr long kCgroup2Magic = 0x63677270;  // CGROUP2_SUPER_MAGIC of linux/magic.h
constexpr std::size_t kShortestId = 4;      // Digits of an id that a user may cut to.

bool is_folder(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// What systemd's names stand for: "\x2d" is '-'.
std::string unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const bool is_dash = text.starts_with("\\x2d");
    out += is_dash ? '-' : text.front();
    text.remove_prefix(is_dash ? 4 : 1);
  }
  return out;
}

// "docker-0123.scope" -> "0123"; "nginx.service", a unit of the host, -> "", for that is no container.
std::string undecorated(std::string_view folder) {
  bool is_unit = false;
  for (const std::string_view suffix : {".scope", ".service", ".slice"}) {
    if (!folder.ends_with(suffix)) continue;
    folder.remove_suffix(suffix.size());
    is_unit = true;
  }
  for (const std::string_view prefix : {"docker-", "libpod-", "crio-", "cri-containerd-",
                                        "machine-", "lxc.payload.", "lxc-", "systemd-nspawn@"}) {
    if (!folder.starts_with(prefix)) continue;
    return unescaped(folder.substr(prefix.size()));
  }
  return is_unit ? std::string() : unescaped(folder);
}

// The unit of systemd's on this host that has the name, with or without its suffix.
bool is_host_unit(std::string_view folder, std::string_view name) {
  if (!undecorated(folder).empty()) return false;
  return folder == name || unescaped(folder.substr(0, folder.rfind('.'))) == name;
}

std::string string_field(const nlohmann::json& object, const char* name) {
  const auto field = object.is_object() ? object.find(name) : object.end();
  return field != object.end() && field->is_string() ? field->get<std::string>() : std::string();
}

nlohmann::json read_json(const std::string& file) {
  const auto text = read_file(file);
  return text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
}

// The id that docker keeps in the folder of the container of that name; "" if there is none.
std::string docker_id(const std::string& name, const std::string& folder) {
  DIR* containers = ::opendir(folder.c_str());
  if (containers == nullptr) return {};
  std::string id;
  while (const dirent* entry = ::readdir(containers)) {
    const std::string candidate = entry->d_name;
    const auto about = read_json(fmt::format("{}/{}/config.v2.json", folder, candidate));
    if (string_field(about, "Name") == "/" + name) id = candidate;
  }
  ::closedir(containers);
  return id;
}

// Of podman's list: [{"id":"...","names":["..."],...}, ...]
std::string podman_id(const std::string& name, const std::string& file) {
  const auto list = read_json(file);
  if (!list.is_array()) return {};
  for (const nlohmann::json& container : list) {
    if (!container.is_object() || !container.contains("names")) continue;
    const nlohmann::json& names = container["names"];
    if (names.is_array() && std::find(names.begin(), names.end(), name) != names.end())
      return string_field(container, "id");
  }
  return {};
}

bool is_container(std::string_view folder, const std::string& name, const std::string& id) {
  const std::string core = undecorated(folder);
  if (core.empty()) return false;
  if (core == name || folder == name || (!id.empty() && core == id)) return true;
  constexpr std::size_t kIdDigits = 64;
  return core.size() == kIdDigits && is_hex(core) && name.size() >= kShortestId && is_hex(name) &&
         core.starts_with(name);
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

Result<std::string> unified_mount() {
  const auto mounts = read_file("/proc/self/mountinfo");
  if (!mounts) return std::unexpected(mounts.error());
  for (const CgroupHierarchy& hierarchy : parse_cgroup_mounts(*mounts)) {
    if (hierarchy.name == "unified") return hierarchy.mount;
  }
  return fail("find cgroups of version 2", ENOENT,
              "mount them: mount -t cgroup2 none /sys/fs/cgroup");
}

Result<std::vector<std::string>> find_cgroups() {
  auto root = unified_mount();
  if (!root) return std::unexpected(root.error());
  char* const roots[] = {root->data(), nullptr};
  FTS* tree = ::fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nullptr);
  if (tree == nullptr) return fail_errno("read " + *root);
  std::vector<std::string> found;
  while (const FTSENT* entry = ::fts_read(tree)) {
    if (entry->fts_info == FTS_D) found.emplace_back(entry->fts_path);
  }
  ::fts_close(tree);
  std::ranges::sort(found);
  return found;
}

Result<std::string> find_cgroup(const std::string& path) {
  std::string folder = path;
  if (!is_folder(folder)) {
    const auto mount = unified_mount();
    if (!mount) return std::unexpected(mount.error());
    folder = fmt::format("{}/{}", *mount, path.substr(path.starts_with('/') ? 1 : 0));
    if (!is_folder(folder)) {
      return fail("find the cgroup " + path, ENOENT,
                  fmt::format("cgroups are the folders below {}", *mount));
    }
  }
  struct statfs system{};
  if (::statfs(folder.c_str(), &system) != 0) return fail_errno("look at " + folder);
  if (system.f_type != kCgroup2Magic) {
    const auto mount = unified_mount();
    return fail(folder + " is no cgroup of version 2", 0,
                mount ? fmt::format("those are the folders below {}", *mount) : mount.error().hint);
  }
  return folder;
}

Result<std::string> find_container(const std::string& name, const ContainerPlaces& places) {
  std::string id = docker_id(name, places.docker);
  if (id.empty()) id = podman_id(name, places.podman);
  std::string root = places.cgroups;
  char* const roots[] = {root.data(), nullptr};
  FTS* tree = ::fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nullptr);
  if (tree == nullptr) return fail_errno("read " + root);
  std::vector<std::string> found;
  std::string unit;
  while (FTSENT* entry = ::fts_read(tree)) {
    if (entry->fts_info != FTS_D || entry->fts_level == 0) continue;
    if (is_host_unit(entry->fts_name, name)) unit = entry->fts_path;
    if (!is_container(entry->fts_name, name, id)) continue;
    found.emplace_back(entry->fts_path);
    ::fts_set(tree, entry, FTS_SKIP);
  }
  ::fts_close(tree);
  std::ranges::sort(found);
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return fail(fmt::format("find the cgroup of a container '{}' below {}", name, root), ENOENT,
                unit.empty() ? "give its id, or its cgroup with --cgroup"
                             : fmt::format("a unit of this host has that name: --cgroup {}", unit));
  }
  return fail(fmt::format("'{}' is more than one container: {}", name, fmt::join(found, ", ")), 0,
              "give more of the id, or its cgroup with --cgroup");
}

}  // namespace sonde::kernel
