#include "runtime/task_filter.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>

#include "base/fd.h"
#include "base/file.h"
#include "base/text.h"

namespace sonde::runtime {
namespace {

Result<void> add_process(int map, std::uint32_t pid) {
  const std::uint32_t mark = 1;
  if (::bpf_map_update_elem(map, &pid, &mark, BPF_ANY) != 0)
    return fail_errno("note the process " + std::to_string(pid));
  return {};
}

bool has_process(int map, std::uint32_t pid) {
  std::uint32_t mark = 0;
  return ::bpf_map_lookup_elem(map, &pid, &mark) == 0;
}

// Fields: see proc_pid_stat(5). The name in parentheses may hold anything.
std::optional<std::uint32_t> parent_of(std::uint32_t pid) {
  const auto text = read_file(fmt::format("/proc/{}/stat", pid));
  if (!text) return std::nullopt;  // It has ended.
  const std::size_t name_end = text->rfind(") ");
  if (name_end == std::string::npos) return std::nullopt;
  const auto fields = split(std::string_view(*text).substr(name_end + 2), ' ');
  const auto parent = fields.size() > 1 ? parse_u64(fields[1]) : std::nullopt;
  return parent ? std::optional(static_cast<std::uint32_t>(*parent)) : std::nullopt;
}

// One look at all processes. The result is how many were added.
Result<std::size_t> add_children(int map) {
  DIR* processes = ::opendir("/proc");
  if (processes == nullptr) return fail_errno("read /proc");
  std::size_t added = 0;
  Result<void> status;
  while (const dirent* entry = ::readdir(processes)) {
    const auto pid = parse_u64(entry->d_name);
    if (!pid || has_process(map, static_cast<std::uint32_t>(*pid))) continue;
    const auto parent = parent_of(static_cast<std::uint32_t>(*pid));
    if (!parent || !has_process(map, *parent)) continue;
    status = add_process(map, static_cast<std::uint32_t>(*pid));
    if (!status) break;
    ++added;
  }
  ::closedir(processes);
  if (!status) return std::unexpected(status.error());
  return added;
}

}  // namespace

std::vector<std::uint32_t> with_descendants(std::span<const std::uint32_t> pids) {
  std::map<std::uint32_t, std::uint32_t> parents;
  DIR* processes = ::opendir("/proc");
  while (const dirent* entry = processes == nullptr ? nullptr : ::readdir(processes)) {
    const auto pid = parse_u64(entry->d_name);
    const auto parent = pid ? parent_of(static_cast<std::uint32_t>(*pid)) : std::nullopt;
    if (parent) parents.emplace(static_cast<std::uint32_t>(*pid), *parent);
  }
  if (processes != nullptr) ::closedir(processes);
  std::set<std::uint32_t> all(pids.begin(), pids.end());
  for (std::size_t before = 0; before != all.size();) {
    before = all.size();
    for (const auto& [pid, parent] : parents) {
      if (all.contains(parent)) all.insert(pid);
    }
  }
  return {all.begin(), all.end()};
}

Result<void> fill_task_filter(const Object& object, const plan::TaskFilter& filter,
                              std::span<const std::uint32_t> pids, const std::string& cgroup) {
  // Without a program that asks there is no map.
  if (const int map = object.map(plan::kPidsMap); filter.by_pids() && map >= 0) {
    for (const std::uint32_t pid : pids) {
      if (auto added = add_process(map, pid); !added) return added;
    }
  }
  const int map = object.map(plan::kCgroupMap);
  if (!filter.by_cgroup || map < 0) return {};
  const OwnedFd folder(::open(cgroup.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return fail_errno("open the cgroup " + cgroup);
  const std::uint32_t index = 0;
  const int fd = folder.get();
  if (::bpf_map_update_elem(map, &index, &fd, BPF_ANY) != 0)
    return fail_errno("filter by the cgroup " + cgroup);
  return {};
}

std::vector<std::uint32_t> filtered_processes(const Object& object) {
  std::vector<std::uint32_t> pids;
  const int map = object.map(plan::kPidsMap);
  std::uint32_t pid = 0;
  for (const std::uint32_t* before = nullptr;
       map >= 0 && ::bpf_map_get_next_key(map, before, &pid) == 0; before = &pids.back())
    pids.push_back(pid);
  return pids;
}

Result<void> add_descendants(const Object& object) {
  const int map = object.map(plan::kPidsMap);
  if (map < 0) return {};
  // Children of what was added late in one turn may have stood before it. A chain is as long as processes are nested.
  for (std::size_t turn = 0; turn < plan::TaskFilter::kMostFollowed; ++turn) {
    const auto added = add_children(map);
    if (!added) return std::unexpected(added.error());
    if (*added == 0) break;
  }
  return {};
}

}  // namespace sonde::runtime
