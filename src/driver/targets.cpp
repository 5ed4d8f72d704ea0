#include "driver/targets.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.h"
#include "kernel/cgroups.h"

namespace sonde::driver {
namespace {

// Bytes from the start of a structure of the kernel; nothing if BTF does not tell.
std::optional<std::uint32_t> offset_of(kernel::View& view, std::string_view name,
                                       std::string_view field) {
  const types::Type* type = view.find_record(name, types::Record::Keyword::Struct);
  const auto found = type != nullptr ? type->record()->find_field(field) : std::nullopt;
  return found ? std::optional(found->field.offset) : std::nullopt;
}

// By the inode that the kernel gives to that one: PROC_PID_INIT_INO of include/linux/proc_ns.h (3.8).
bool in_initial_pid_namespace() {
  constexpr ino_t kInitial = 0xEFFFFFFC;
  struct stat status{};
  return ::stat("/proc/self/ns/pid", &status) != 0 || status.st_ino == kInitial;
}

}  // namespace

void add_target_options(CLI::App& app, Options& options, RawTargets& raw) {
  app.add_option("-p", raw.pids,
                 "Trace process PID only, or several, and end when they end. Can be repeated")
      ->type_name("PID[,PID...]")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_flag("--follow", options.follow, "With -p or -c: trace the children too, and theirs");
  app.add_option("--comm", options.comms, "Trace threads of this name only. Can be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--cgroup", options.cgroup, "Trace processes in this cgroup and below it only")
      ->type_name("PATH")
      ->take_last();
  app.add_option("--container", options.container,
                 "Trace processes of this container only, found by its cgroup")
      ->type_name("NAME")
      ->take_last();
}

std::optional<std::string> check_targets(Options& options, const RawTargets& raw) {
  for (const std::string& word : raw.pids) {
    const auto pid = parse_u64(word);
    if (!pid || *pid == 0 || *pid > INT32_MAX)
      return fmt::format("-p: '{}' is not a process id", word);
    const auto id = static_cast<std::uint32_t>(*pid);
    if (std::ranges::find(options.pids, id) == options.pids.end()) options.pids.push_back(id);
  }
  if (options.has_command && !options.pids.empty()) return "-c and -p exclude each other";
  if (options.follow && !options.has_command && options.pids.empty())
    return "--follow goes with -p or -c";
  for (std::string& comm : options.comms) {
    if (comm.empty()) return "--comm: the name is empty";
    // As the kernel cuts the names of programs.
    comm.resize(std::min<std::size_t>(comm.size(), plan::TaskFilter::kCommBytes - 1));
  }
  if (!options.cgroup.empty() && !options.container.empty())
    return "--cgroup and --container exclude each other";
  return std::nullopt;
}

Result<plan::TaskFilter> task_filter(kernel::View& view, const Options& options) {
  plan::TaskFilter filter;
  filter.comms = options.comms;
  filter.by_cgroup = !options.cgroup.empty() || !options.container.empty();
  if (options.pids.size() > 1) filter.pids = static_cast<std::uint32_t>(options.pids.size());
  if (!options.follow) return filter;
  if (!in_initial_pid_namespace()) {
    return fail(
        "follow new processes", 0,
        "--follow works in the initial pid namespace, by whose numbers the kernel tells of new "
        "processes; here name them: -p PID -p PID");
  }
  const auto pid = offset_of(view, "task_struct", "pid");
  const auto tgid = offset_of(view, "task_struct", "tgid");
  if (!pid || !tgid || !view.has(plan::Feature::TypedRawTracepoint)) {
    return fail("follow new processes", 0,
                "--follow needs typed raw tracepoints (Linux 5.5) and BTF "
                "(CONFIG_DEBUG_INFO_BTF=y); 'sonde --info' shows what this kernel has");
  }
  filter.follows = true;
  filter.task_pid_offset = *pid;
  filter.task_tgid_offset = *tgid;
  return filter;
}

void find_last_thread(kernel::View& view, plan::TaskFilter& filter) {
  const auto signal = offset_of(view, "task_struct", "signal");
  const auto live = offset_of(view, "signal_struct", "live");
  if (!signal || !live) return;
  filter.task_signal_offset = *signal;
  filter.signal_live_offset = *live;
}

Result<std::string> target_cgroup(const Options& options) {
  if (!options.cgroup.empty()) return kernel::find_cgroup(options.cgroup);
  if (options.container.empty()) return std::string();
  const auto mount = kernel::unified_mount();
  if (!mount) return mount;
  return kernel::find_container(options.container, {.cgroups = *mount});
}

}  // namespace sonde::driver
