#include "runtime/symbols/jit_maps.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "base/file.h"
#include "base/text.h"
#include "runtime/clock.h"

namespace sonde::runtime {
namespace {

constexpr std::size_t kMostHeld = 256;
constexpr std::int64_t kMostBytes = std::int64_t{256} << 20;

// Hexadecimal, with or without 0x, and the blank behind it.
bool take_number(std::string_view& line, std::uint64_t& value) {
  if (line.starts_with("0x")) line.remove_prefix(2);
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value, 16);
  if (error != std::errc{} || end == line.data() + line.size() || *end != ' ') return false;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()) + 1);
  return true;
}

// The last number of "NSpid:	4711	12": in the process's own namespace.
pid_t pid_in_own_namespace(pid_t pid) {
  const auto text = read_file(fmt::format("/proc/{}/status", pid));
  if (!text) return pid;
  for (const std::string_view line : split(*text, '\n')) {
    if (!line.starts_with("NSpid:")) continue;
    const auto number = parse_u64(line.substr(line.find_last_of('\t') + 1));
    if (number) return static_cast<pid_t>(*number);
  }
  return pid;
}

}  // namespace

JitMap::JitMap(std::string text) : text_(std::move(text)) {
  std::size_t number = 0;
  const auto written = std::string_view(text_).substr(0, text_.rfind('\n') + 1);
  for (const std::string_view whole : split(written, '\n')) {
    std::string_view line = whole;
    Entry entry{};
    std::uint64_t size = 0;
    if (!take_number(line, entry.begin) || !take_number(line, size) || line.empty() || size == 0)
      continue;
    if (size > UINT64_MAX - entry.begin) continue;
    entry.end = entry.begin + size;
    entry.name = static_cast<std::size_t>(line.data() - text_.data());
    entry.length = line.size();
    entry.line = number++;
    longest_ = std::max(longest_, size);
    entries_.push_back(entry);
  }
  std::ranges::stable_sort(entries_, {}, &Entry::begin);
}

std::optional<JitMap::Symbol> JitMap::find(std::uint64_t address) const {
  const Entry* best = nullptr;
  auto next = std::ranges::upper_bound(entries_, address, {}, &Entry::begin);
  while (next != entries_.begin()) {
    const Entry& entry = *--next;
    if (address - entry.begin >= longest_) break;
    if (address < entry.end && (best == nullptr || entry.line > best->line)) best = &entry;
  }
  if (best == nullptr) return std::nullopt;
  return Symbol{std::string_view(text_).substr(best->name, best->length), address - best->begin};
}

void JitMaps::hold(pid_t pid) {
  const auto [found, is_new] = processes_.try_emplace(pid);
  Process& process = found->second;
  if (!is_new && process.folder.valid()) return;
  if (held_ >= kMostHeld) release_ended();
  // Of further processes /tmp is looked for while they run.
  if (held_ >= kMostHeld) return;
  process.folder.reset(
      ::open(fmt::format("/proc/{}/root/tmp", pid).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!process.folder.valid()) return;
  ++held_;
  process.own_pid = pid_in_own_namespace(pid);
}

// Takes what they have left, so that others can be held.
void JitMaps::release_ended() {
  for (auto& [pid, process] : processes_) {
    if (!process.folder.valid() || ::kill(pid, 0) == 0 || errno != ESRCH) continue;
    load(process, {&pid, 1});
    process.folder.reset();
    --held_;
  }
}

void JitMaps::replaced(pid_t pid) {
  if (const auto found = processes_.find(pid); found != processes_.end())
    found->second.is_replaced = true;
}

void JitMaps::forget(pid_t pid) {
  const auto found = processes_.find(pid);
  if (found == processes_.end()) return;
  if (found->second.folder.valid()) --held_;
  processes_.erase(found);
}

void JitMaps::load(Process& process, std::span<const pid_t> pids) {
  const pid_t own = process.own_pid != 0 ? process.own_pid : pids.front();
  process.name = fmt::format("perf-{}.map", own);
  OwnedFd fd;
  const auto try_folder = [&](int folder) {
    if (!fd.valid() && folder >= 0)
      fd.reset(
          ::openat(folder, process.name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  };
  try_folder(process.folder.get());
  for (const pid_t pid : pids) {
    if (fd.valid()) break;
    const OwnedFd folder(
        ::open(fmt::format("/proc/{}/root/tmp", pid).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    try_folder(folder.get());
  }
  if (!fd.valid() && !process.folder.valid()) {
    const OwnedFd folder(::open("/tmp", O_PATH | O_DIRECTORY | O_CLOEXEC));
    try_folder(folder.get());
  }
  struct stat status{};
  if (!fd.valid() || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (status.st_size == process.size || status.st_size > kMostBytes) return;
  auto text = read_file(fd.get(), process.name);
  if (!text) return;
  process.size = static_cast<std::int64_t>(text->size());  // It may have grown meanwhile.
  process.map.emplace(std::move(*text));
}

std::optional<JitMaps::Symbol> JitMaps::find(std::span<const pid_t> pids, std::uint64_t address) {
  if (pids.empty()) return std::nullopt;
  hold(pids.front());
  Process& process = processes_[pids.front()];
  const auto look = [&]() -> std::optional<Symbol> {
    const auto found = process.map ? process.map->find(address) : std::nullopt;
    if (!found) return std::nullopt;
    return Symbol{std::string(found->name), found->offset, "/tmp/" + process.name};
  };
  if (process.is_replaced) {
    process.is_replaced = false;
    process.size = -1;
    load(process, pids);
  }
  if (auto found = look()) return found;
  // Programs add lines as they go.
  constexpr std::uint64_t kInterval = 100'000'000;  // ns
  const std::uint64_t now = boot_nanoseconds();
  if (process.looked_ns != 0 && now - process.looked_ns < kInterval) return std::nullopt;
  process.looked_ns = now;
  load(process, pids);
  return look();
}

}  // namespace sonde::runtime
