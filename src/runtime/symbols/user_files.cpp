#include "runtime/symbols/user_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <utility>

namespace sonde::runtime {
namespace {

std::string under_root(pid_t pid, const std::string& path) {
  return fmt::format("/proc/{}/root{}", pid, path);
}

// Opens the mapping itself, which works when its name is gone or hidden by another mount. Needs CAP_CHECKPOINT_RESTORE (5.9).
// Further files are opened by their paths when they are needed. Half of the descriptors that a process has by default.
constexpr std::size_t kMostHeld = 512;

std::string mapped_file(pid_t pid, const kernel::ProcessMapping& place) {
  return fmt::format("/proc/{}/map_files/{:x}-{:x}", pid, place.start, place.end);
}

bool is_same_inode(const std::string& path, const kernel::ProcessMapping& place) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && status.st_ino == place.inode &&
         status.st_dev == place.device;
}

// One process of each mount namespace, for files of processes about which nothing is known any more.
std::vector<pid_t> one_of_each_namespace() {
  std::vector<pid_t> pids;
  std::set<std::string> seen;
  for (const pid_t pid : kernel::running_processes()) {
    char name[64];
    const std::string link = fmt::format("/proc/{}/ns/mnt", pid);
    const ssize_t length = ::readlink(link.c_str(), name, sizeof name);
    if (length > 0 && seen.emplace(name, static_cast<std::size_t>(length)).second)
      pids.push_back(pid);
  }
  return pids;
}

}  // namespace

UserFiles::Key UserFiles::key_of(const Mapping& mapping) {
  if (!mapping.build_id.empty()) return {mapping.build_id, 0, 0, ""};
  return {"", mapping.place.device, mapping.place.inode, mapping.place.path};
}

void UserFiles::hold(std::span<const pid_t> pids, const Mapping& mapping) {
  const kernel::ProcessMapping& place = mapping.place;
  if (!place.path.starts_with('/')) return;
  Entry& entry = entries_[key_of(mapping)];
  if (entry.held.valid() || entry.file != nullptr || held_ >= kMostHeld) return;
  const auto take = [&](const std::string& path) {
    entry.held.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    held_ += entry.held.valid() ? 1 : 0;
    return entry.held.valid();
  };
  for (const pid_t pid : pids) {
    if (!place.is_deleted && take(under_root(pid, place.path))) return;
    if (take(mapped_file(pid, place))) return;
  }
}

std::unique_ptr<UserFile> UserFiles::try_open(const Mapping& mapping, const std::string& path,
                                              const std::string& known_as, bool is_sure) {
  if (mapping.build_id.empty() && !is_sure && !is_same_inode(path, mapping.place)) return nullptr;
  auto symbols = kernel::ElfSymbols::open(path, known_as);
  if (!symbols) return nullptr;
  std::string build_id = symbols->build_id();
  if (!mapping.build_id.empty() && build_id != mapping.build_id) return nullptr;
  return std::make_unique<UserFile>(
      UserFile{std::move(*symbols), std::move(build_id), path, known_as, std::nullopt});
}

std::unique_ptr<UserFile> UserFiles::find(Entry& entry, const Mapping& mapping,
                                          std::span<const pid_t> pids) {
  const kernel::ProcessMapping& place = mapping.place;
  // Where debug files are looked for: in the process's mount namespace, or in sonde's when it has ended.
  const bool is_running = !pids.empty() && ::kill(pids.front(), 0) == 0;
  const std::string own = is_running ? under_root(pids.front(), place.path) : place.path;
  if (entry.held.valid()) {
    const std::string held = fmt::format("/proc/self/fd/{}", entry.held.get());
    if (auto file = try_open(mapping, held, own, true)) return file;
    entry.held.reset();
    --held_;
  }
  if (!place.is_deleted) {
    for (std::size_t i = 0; i < pids.size(); ++i) {
      const std::string path = under_root(pids[i], place.path);
      if (auto file = try_open(mapping, path, path, i == 0)) return file;
    }
  }
  for (const pid_t pid : pids) {
    if (auto file = try_open(mapping, mapped_file(pid, place), own, true)) return file;
  }
  if (place.is_deleted) return nullptr;
  // Mappings that /proc has shown without a build id may be of file systems whose inodes differ there: sonde's own name for it is
  // the best guess then.
  const bool knows_inode = !mapping.build_id.empty() || place.inode != 0;
  if (auto file = try_open(mapping, place.path, place.path, !knows_inode)) return file;
  for (const pid_t pid : one_of_each_namespace()) {
    const std::string path = under_root(pid, place.path);
    if (auto file = try_open(mapping, path, path, false)) return file;
  }
  return nullptr;
}

UserFile* UserFiles::open(const Mapping& mapping, std::span<const pid_t> pids) {
  if (mapping.place.path == "[vdso]") return vdso();
  if (!mapping.place.path.starts_with('/')) return nullptr;
  Entry& entry = entries_[key_of(mapping)];
  if (!std::exchange(entry.was_tried, true)) entry.file = find(entry, mapping, pids);
  return entry.file.get();
}

UserFile* UserFiles::vdso() {
  if (vdso_) return vdso_->get();
  vdso_.emplace();
  const auto maps = kernel::ProcessMaps::read(::getpid());
  if (!maps) return nullptr;
  for (const kernel::ProcessMapping& place : maps->mappings()) {
    if (place.path != "[vdso]") continue;
    const auto* bytes =
        reinterpret_cast<const char*>(place.start);  // NOLINT: mapped in this process.
    auto symbols = kernel::ElfSymbols::from_bytes(std::string(bytes, place.end - place.start));
    if (!symbols) return nullptr;
    std::string build_id = symbols->build_id();
    *vdso_ = std::make_unique<UserFile>(
        UserFile{std::move(*symbols), std::move(build_id), "", "[vdso]", nullptr});
  }
  return vdso_->get();
}

}  // namespace sonde::runtime
