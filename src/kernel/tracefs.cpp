#include "kernel/tracefs.h"

#include <fmt/format.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <tuple>

#include "base/file.h"
#include "base/glob.h"
#include "base/text.h"

namespace sonde::kernel {
namespace {

constexpr const char* kMountPoint = "/sys/kernel/tracing";  // Since kernel 4.1.

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

// Why a file below the mount point cannot be read.
std::unexpected<Error> unreadable(const std::string& path, int code) {
  if (code == EACCES || code == EPERM)
    return fail("read " + path, code, "tracing needs root: try sudo");
  return fail("read " + path, code,
              fmt::format("mount tracefs first: mount -t tracefs nodev {}", kMountPoint));
}

}  // namespace

Result<std::string> Tracefs::root() {
  if (checked_) return root_;
  if (!root_.empty()) {
    if (!exists(root_ + "/events")) return unreadable(root_ + "/events", errno);
    checked_ = true;
    return root_;
  }
  int code = 0;
  for (const std::string path : {kMountPoint, "/sys/kernel/debug/tracing"}) {
    if (exists(path + "/events")) {
      root_ = path;
      checked_ = true;
      return root_;
    }
    if (errno == EACCES) code = EACCES;
  }
  if (code == EACCES) return unreadable(std::string(kMountPoint) + "/events", code);
  if (::mount("nodev", kMountPoint, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0) {
    const int mount_code = errno;
    if (mount_code == ENODEV) {
      return fail("mount tracefs", mount_code, "the kernel must be built with CONFIG_FTRACE=y");
    }
    return fail(fmt::format("mount tracefs at {}", kMountPoint), mount_code,
                fmt::format("as root: mount -t tracefs nodev {}", kMountPoint));
  }
  if (!exists(std::string(kMountPoint) + "/events")) {
    return unreadable(std::string(kMountPoint) + "/events", errno);
  }
  root_ = kMountPoint;
  checked_ = true;
  return root_;
}

Result<std::vector<Tracepoint>> Tracefs::events(std::string_view category, std::string_view name) {
  const auto folder = root();
  if (!folder) return std::unexpected(folder.error());
  std::vector<Tracepoint> found;
  if (!is_glob(category) && !is_glob(name)) {
    if (category.find('/') != std::string_view::npos || name.find('/') != std::string_view::npos) {
      return found;
    }
    // ftrace:* have formats but are no tracepoints: nothing but the tracers' own output fires them.
    const bool is_own = category == "ftrace";
    if (!is_own && exists(fmt::format("{}/events/{}/{}/format", *folder, category, name))) {
      found.push_back({std::string(category), std::string(name)});
    }
    return found;
  }
  const std::string path = *folder + "/available_events";
  const auto text = read_file(path);
  if (!text) return unreadable(path, text.error().code);
  for (const std::string_view line : split(*text, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view line_category = line.substr(0, colon);
    const std::string_view line_name = line.substr(colon + 1);
    if (!glob_match(category, line_category) || !glob_match(name, line_name)) continue;
    found.push_back({std::string(line_category), std::string(line_name)});
  }
  const auto key = [](const Tracepoint& event) { return std::tie(event.category, event.name); };
  std::sort(found.begin(), found.end(),
            [&](const Tracepoint& a, const Tracepoint& b) { return key(a) < key(b); });
  return found;
}

bool Tracefs::is_dynamic(std::string_view category, std::string_view name) {
  if (!dynamic_) {
    dynamic_.emplace();
    const auto folder = root();
    const auto text = folder ? read_file(*folder + "/dynamic_events") : folder;
    // "p:group/event function", "r4:...", "e:...", "s:group/event\tfields"
    for (const std::string_view line : split(text ? std::string_view(*text) : "", '\n')) {
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      dynamic_->emplace(line.substr(colon + 1, line.find_first_of(" \t", colon) - colon - 1));
    }
  }
  return dynamic_->contains(fmt::format("{}/{}", category, name));
}

Result<std::string> Tracefs::format(std::string_view category, std::string_view name) {
  const auto folder = root();
  if (!folder) return std::unexpected(folder.error());
  const std::string path = fmt::format("{}/events/{}/{}/format", *folder, category, name);
  auto text = read_file(path);
  if (!text && text.error().code == ENOENT) {
    return fail(fmt::format("read {}", path), ENOENT,
                "sonde -l 'tracepoint:*' lists what this kernel has");
  }
  if (!text) return unreadable(path, text.error().code);
  return text;
}

Result<void> Tracefs::filter_functions(
    const std::function<void(std::string_view, std::string_view)>& visit) {
  const auto folder = root();
  if (!folder) return std::unexpected(folder.error());
  const auto text = read_file(*folder + "/available_filter_functions");
  if (!text) return std::unexpected(text.error());
  for (std::string_view line : split(*text, '\n')) {
    std::string_view module = "vmlinux";
    if (const std::size_t open = line.find('['); open != std::string_view::npos) {
      module = line.substr(open + 1, line.find(']', open) - open - 1);
      line = line.substr(0, open);
    }
    line = trim(line);
    // Bodies that were freed or dropped by the linker are listed by address only.
    if (line.empty() || line.starts_with("__ftrace_invalid_address__")) continue;
    visit(module, line);
  }
  return {};
}

}  // namespace sonde::kernel
