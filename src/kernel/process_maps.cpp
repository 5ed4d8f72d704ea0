#include "kernel/process_maps.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/file.h"
#include "base/text.h"

namespace sonde::kernel {
namespace {

// Takes a number and the character behind it off the front.
bool take(std::string_view& text, std::uint64_t& value, int base, char terminator) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || stop == text.data() + text.size() || *stop != terminator)
    return false;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  return true;
}

// "7f00-7fff r-xp 00001000 fe:01 1234    /usr/lib/libc.so.6"; the path may hold blanks and be missing.
std::optional<ProcessMapping> parse_line(std::string_view line) {
  constexpr std::string_view kDeleted = " (deleted)";
  ProcessMapping mapping;
  if (!take(line, mapping.start, 16, '-') || !take(line, mapping.end, 16, ' ')) return std::nullopt;
  if (line.size() < 5 || line[2] != 'x') return std::nullopt;
  line.remove_prefix(5);
  if (!take(line, mapping.offset, 16, ' ')) return std::nullopt;
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  if (!take(line, major, 16, ':') || !take(line, minor, 16, ' ')) return std::nullopt;
  mapping.device = ::makedev(static_cast<unsigned>(major), static_cast<unsigned>(minor));
  const std::size_t end = std::min(line.find(' '), line.size());
  const auto inode = parse_u64(line.substr(0, end));
  if (!inode) return std::nullopt;
  mapping.inode = *inode;
  std::string_view path = line.substr(end);
  path.remove_prefix(std::min(path.find_first_not_of(' '), path.size()));
  mapping.is_deleted = path.ends_with(kDeleted);
  if (mapping.is_deleted) path.remove_suffix(kDeleted.size());
  mapping.path = path;
  return mapping;
}

}  // namespace

std::vector<pid_t> running_processes() {
  std::vector<pid_t> pids;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) return pids;
  while (const dirent* entry = ::readdir(folder)) {
    if (const auto pid = parse_u64(entry->d_name)) pids.push_back(static_cast<pid_t>(*pid));
  }
  ::closedir(folder);
  return pids;
}

Result<ProcessMaps> ProcessMaps::read(pid_t pid) {
  const auto text = read_file(fmt::format("/proc/{}/maps", pid));
  if (!text) return std::unexpected(text.error());
  return parse(pid, *text);
}

ProcessMaps ProcessMaps::parse(pid_t pid, std::string_view text) {
  ProcessMaps maps;
  maps.pid_ = pid;
  for (const std::string_view line : split(text, '\n')) {
    if (auto mapping = parse_line(line)) maps.mappings_.push_back(std::move(*mapping));
  }
  std::sort(maps.mappings_.begin(), maps.mappings_.end(),
            [](const ProcessMapping& a, const ProcessMapping& b) { return a.start < b.start; });
  return maps;
}

const ProcessMapping* ProcessMaps::find(std::uint64_t address) const {
  auto next = std::upper_bound(
      mappings_.begin(), mappings_.end(), address,
      [](std::uint64_t wanted, const ProcessMapping& mapping) { return wanted < mapping.start; });
  if (next == mappings_.begin()) return nullptr;
  --next;
  return address < next->end ? &*next : nullptr;
}

std::string ProcessMaps::path_under_proc(const ProcessMapping& mapping) const {
  return fmt::format("/proc/{}/root{}", pid_, mapping.path);
}

}  // namespace sonde::kernel
