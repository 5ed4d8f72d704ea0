#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "kernel/features.h"
#include "runtime/clock.h"
#include "runtime/privilege.h"
#include "runtime/runtime.h"
#include "runtime/tracer.h"

namespace sonde::runtime {
namespace {

constexpr ino_t kInitialPidNamespace = 0xEFFFFFFC;  // PROC_PID_INIT_INO of linux/proc_ns.h

Result<Targets> open_targets(const Options& options, const plan::TaskFilter& filter) {
  Targets targets;
  for (const std::uint32_t pid : options.pids) {
    auto watch = watch_process(static_cast<pid_t>(pid));
    if (!watch && watch.error().code == ESRCH)
      return fail(fmt::format("there is no process with id {} (-p)", pid));
    if (!watch) return std::unexpected(watch.error());
    targets.process_ends.push_back(std::move(*watch));
  }
  if (!options.command.empty()) {
    auto child = Child::spawn(options.command);
    if (!child) return std::unexpected(child.error());
    auto watch = watch_process(child->pid());
    if (!watch) return std::unexpected(watch.error());
    targets.child.emplace(std::move(*child));
    targets.child_end = std::move(*watch);
  }
  if (!filter.by_pids()) {
    if (!options.pids.empty()) targets.only_pid = options.pids.front();
    if (targets.child) targets.only_pid = static_cast<std::uint32_t>(targets.child->pid());
  }
  utsname system{};
  const bool limited = targets.only_pid != 0;
  targets.multi_uprobes = ::uname(&system) == 0 && multi_uprobes_serve(limited, system.release);
  return targets;
}

plan::Constants make_constants(const Options& options, const Targets& targets) {
  plan::Constants constants;
  constants.start_ns = boot_nanoseconds();
  constants.tai_offset_ns = tai_after_monotonic();
  constants.epoch_offset_ns = boot_to_epoch();
  if (targets.child) constants.child_pid = static_cast<std::uint32_t>(targets.child->pid());
  // One process alone; of several there is a map.
  if (options.pids.size() == 1) constants.filter_pid = options.pids.front();
  struct stat info{};
  if (::stat("/proc/self/ns/pid", &info) == 0 && info.st_ino != kInitialPidNamespace) {
    constants.pidns_dev = info.st_dev;
    constants.pidns_ino = info.st_ino;
  }
  return constants;
}

// Every attached place costs a descriptor, every CPU one for timed probes.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t longest_record(const plan::Manifest& manifest) {
  std::size_t longest = 0;
  for (const plan::Action& action : manifest.actions)
    longest = std::max<std::size_t>(longest, action.size + plan::kKeptTrailer);
  return longest;
}

// Null if the object has no such map.
Result<std::unique_ptr<Ring>> open_ring(const RunInput& input, const Object& object,
                                        const char* name) {
  const int fd = object.map(name);
  if (fd < 0) return nullptr;
  return Ring::open(fd, longest_record(input.program.manifest));
}

Result<int> trace(const RunInput& input, Object& object, Targets& targets, Signals& signals) {
  auto ring = open_ring(input, object, plan::kRingMap);
  if (!ring) return std::unexpected(ring.error());
  auto control = open_ring(input, object, plan::kControlMap);
  if (!control) return std::unexpected(control.error());
  auto kept = open_ring(input, object, plan::kKeptMap);
  if (!kept) return std::unexpected(kept.error());
  auto loop = Loop::create();
  if (!loop) return std::unexpected(loop.error());
  const auto cpus = kernel::possible_cpus();
  if (!cpus) return std::unexpected(cpus.error());
  EventQueue events(ring->get(), kept->get());
  Tracer tracer(input, object, targets, signals, events, control->get(), *loop, cpus->count);
  if (input.options.purpose != Purpose::Trace && !input.options.dry_run) return tracer.run_trials();
  auto started = tracer.start();
  if (started && !input.options.dry_run) started = tracer.follow();
  if (!started || input.options.dry_run) {
    tracer.abandon();
    if (!started) return std::unexpected(started.error());
    return 0;
  }
  return tracer.finish();
}

}  // namespace

Result<int> run(const plan::Program& program, const diag::Sources& sources, const Options& options,
                output::Sink& sink, diag::Emitter& emitter) {
  if (const auto allowed = check_privilege(); !allowed) return std::unexpected(allowed.error());
  auto targets = open_targets(options, program.manifest.filter);
  if (!targets) return std::unexpected(targets.error());
  auto signals = Signals::take_over();
  if (!signals) return std::unexpected(signals.error());
  const LoadOptions load{make_constants(options, *targets), targets->multi_uprobes,
                         options.verifier_log, options.libbpf_log};
  auto object = Object::load(program, sources, load, emitter);
  if (!object) return std::unexpected(object.error());
  allow_many_descriptors();
  return trace({program, sources, options, sink, emitter}, *object, *targets, *signals);
}

}  // namespace sonde::runtime
