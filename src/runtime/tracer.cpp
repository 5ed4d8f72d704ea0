#include "runtime/tracer.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <map>

#include "runtime/action/action.h"
#include "runtime/clock.h"
#include "runtime/dispatch.h"
#include "runtime/failures.h"
#include "runtime/notify.h"
#include "runtime/task_filter.h"
#include "runtime/writer_wait.h"

namespace sonde::runtime {
namespace {

using builtins::ProbeKindId;

bool is_kind(const plan::BpfProgram& program, ProbeKindId kind) {
  return !program.attach_points.empty() && program.attach_points.front().kind->id == kind;
}

bool is_read_through(const plan::BpfProgram& program) {
  return !program.attach_points.empty() &&
         program.attach_points.front().kind->has(builtins::kReadThrough);
}

// A place where the arguments cannot be kept has failed, unless it has failed anyway.
void add_failures(Attacher& attacher, const Attacher& keepers) {
  for (const Attacher::Failure& failure : keepers.failures()) {
    const bool is_known = std::ranges::any_of(
        attacher.failures(),
        [&](const Attacher::Failure& other) { return other.point->name == failure.point->name; });
    if (!is_known) attacher.failed(*failure.point, failure.error);
  }
}

// What is a part of another program is attached where that one is.
void add_part(Attacher& attacher, const plan::BpfProgram& part, const plan::BpfProgram& whole) {
  std::map<const plan::AttachPoint*, Error> failed;
  for (const Attacher::Failure& failure : attacher.failures())
    failed.emplace(failure.point, failure.error);
  for (std::size_t i = 0; i < part.attach_points.size(); ++i) {
    const auto failure = failed.find(&whole.attach_points[i]);
    if (failure == failed.end()) {
      attacher.succeeded(part.attach_points[i]);
    } else {
      attacher.failed(part.attach_points[i], failure->second);
    }
  }
}

}  // namespace

Tracer::Tracer(const RunInput& input, Object& object, Targets& targets, Signals& signals,
               EventQueue& events, Ring* control, Loop& loop, std::uint32_t possible_cpus)
    : input_(input), manifest_(input.program.manifest), object_(object), targets_(targets),
      signals_(signals), events_(events), control_(control), loop_(loop),
      names_(manifest_, {object.map(plan::kStackMap), object.map(plan::kDeepStackMap)}),
      session_{manifest_, input.sources, object, names_, input.sink, possible_cpus, std::nullopt} {
  session_.escape_messages = input.options.escape_messages;
}

void Tracer::verbose(std::string_view line) const {
  if (input_.options.verbose) fmt::print(stderr, "{}\n", line);
}

Result<void> Tracer::start() {
  // begin and end run whether paused or not.
  object_.data().set_paused(true);
  if (!input_.options.dry_run) {
    if (auto opened = open_packets(); !opened) return opened;
    input_.sink.begin({boot_nanoseconds() + boot_to_epoch(),
                       targets_.child ? static_cast<std::uint32_t>(targets_.child->pid()) : 0U});
    if (auto ran = run_programs(ProbeKindId::Begin); !ran) return ran;
    drain_control();  // Has begin called exit()?
  }
  return attach_all();
}

Result<std::uint32_t> Tracer::run_once(std::size_t program) {
  // No attaching, and `pid` is ours.
  LIBBPF_OPTS(bpf_test_run_opts, options);
  if (::bpf_prog_test_run_opts(object_.program(program), &options) != 0) {
    return fail_errno("run " + manifest_.programs[program].attach_points.front().name,
                      "it needs BPF_PROG_TEST_RUN for raw tracepoints, kernel 5.10");
  }
  return options.retval;
}

Result<void> Tracer::run_programs(ProbeKindId kind) {
  for (std::size_t i = 0; i < manifest_.programs.size(); ++i) {
    const plan::BpfProgram& program = manifest_.programs[i];
    if (!is_kind(program, kind)) continue;
    for (std::size_t point = 0; point < program.attach_points.size(); ++point) {
      if (const auto ran = run_once(i); !ran) return std::unexpected(ran.error());
    }
  }
  return {};
}

void Tracer::attach_programs(Attacher& attacher, bool are_keepers) {
  for (std::size_t i = 0; i < manifest_.programs.size(); ++i) {
    const plan::BpfProgram& program = manifest_.programs[i];
    if (program.is_keeper != are_keepers || program.part_of >= 0) continue;
    if (const Error* refusal = object_.refusal(i)) {
      for (const plan::AttachPoint& point : program.attach_points) attacher.failed(point, *refusal);
    } else {
      attach(attacher, program, object_.program(i));
    }
    if (program.entry_part >= 0)
      add_part(attacher, manifest_.programs[static_cast<std::size_t>(program.entry_part)], program);
  }
}

Result<void> Tracer::attach_all() {
  Attacher watchers(attachments_, 0);
  if (auto filled = prepare_filter(watchers); !filled) return filled;
  session_.attachments = &attachments_;
  prepare_watchpoints();
  Attacher keepers(attachments_, targets_.only_pid, targets_.multi_uprobes);
  Attacher attacher(attachments_, targets_.only_pid, targets_.multi_uprobes, wanted_pids());
  if (manifest_.names_user_code && !input_.options.dry_run) prepare_user_names();
  // A keeper must have seen the entry of each call whose return is seen.
  attach_programs(keepers, true);
  attach_programs(attacher, false);
  add_failures(attacher, keepers);
  if (input_.options.verbose) {
    for (const plan::AttachPoint* point : attacher.attached()) verbose("attached " + point->name);
  }
  if (auto told = report_failures(attacher, manifest_, input_.sink, input_.emitter); !told)
    return told;
  warn_of_unwatched_threads(session_);
  if (input_.options.dry_run) return {};
  attachments_.begin_counting();
  // After exit() in begin nothing more is to be seen.
  if (!session_.exit_code) object_.data().set_paused(false);
  input_.sink.attached(attacher.attached().size());
  for (const plan::AttachPoint* point : attacher.attached()) {
    if (!point->pin.empty()) input_.sink.pinned(point->pin);
  }
  return {};
}

std::vector<std::uint32_t> Tracer::wanted_pids() const {
  std::vector<std::uint32_t> pids = input_.options.pids;
  if (!manifest_.filter.follows) return pids;
  if (targets_.child) pids.push_back(static_cast<std::uint32_t>(targets_.child->pid()));
  return with_descendants(pids);
}

Result<void> Tracer::prepare_filter(Attacher& attacher) {
  std::vector<std::uint32_t> pids = input_.options.pids;
  if (targets_.child) pids.push_back(static_cast<std::uint32_t>(targets_.child->pid()));
  const plan::TaskFilter& filter = manifest_.filter;
  if (auto filled = fill_task_filter(object_, filter, pids, input_.options.cgroup); !filled)
    return filled;
  for (std::size_t i = 0; i < manifest_.watchers.size(); ++i)
    attach(attacher, manifest_.watchers[i], object_.watcher(i));
  if (!attacher.failures().empty()) return std::unexpected(attacher.failures().front().error);
  return filter.follows ? add_descendants(object_) : Result<void>{};
}

void Tracer::prepare_watchpoints() {
  const auto is_watch = [](const plan::BpfProgram& program) {
    return !program.attach_points.empty() && program.attach_points.front().watch.has_value();
  };
  if (std::ranges::none_of(manifest_.programs, is_watch)) return;
  std::vector<std::uint32_t> pids = input_.options.pids;
  if (targets_.child) pids.push_back(static_cast<std::uint32_t>(targets_.child->pid()));
  if (manifest_.filter.by_pids()) pids = filtered_processes(object_);
  attachments_.watchpoints().set_targets({std::move(pids), manifest_.filter.follows});
  const auto stops = [](const plan::BpfProgram& program) {
    return program.watch_action >= 0 && !program.attach_points.front().watch->is_async;
  };
  if (control_ != nullptr && std::ranges::any_of(manifest_.programs, stops))
    guard_stopped(manifest_, *control_);
}

void Tracer::prepare_user_names() {
  // Without it processes that have ended stay without names; nothing else depends on it.
  if (auto followed = names_.user().follow(); !followed) verbose(followed.error().message());
  for (const std::uint32_t pid : input_.options.pids) names_.snapshot(static_cast<pid_t>(pid));
  if (!targets_.child) return;
  // Without it addresses of the child stay without names; nothing else depends on it.
  if (auto traced = targets_.child->stop_before_exit(); !traced) verbose(traced.error().message());
}

Result<void> Tracer::watch_all() {
  const auto stop = [this] { stopping_ = true; };
  const auto nothing = [] {};  // Rings are drained after every wake-up.
  if (control_ != nullptr) {
    if (auto added = loop_.add(control_->fd(), nothing); !added) return added;
  }
  for (const int fd : events_.descriptors()) {
    if (auto added = loop_.add(fd, nothing); !added) return added;
  }
  if (packets_ != nullptr) {
    if (auto added = loop_.add(packets_->fd(), [this] { drain_packets(); }); !added) return added;
  }
  if (auto added = loop_.add(signals_.fd(), [this] { handle_signal(); }); !added) return added;
  for (const int fd : names_.user().descriptors()) {
    if (auto added = loop_.add(fd, [this] { names_.user().update(); }); !added) return added;
  }
  if (targets_.child_end.valid()) {
    if (auto added = loop_.add(targets_.child_end.get(), stop); !added) return added;
  }
  for (const OwnedFd& end : targets_.process_ends) {
    const auto ended = [this, fd = end.get()] {
      loop_.remove(fd);
      if (++ended_processes_ == targets_.process_ends.size()) stopping_ = true;
    };
    if (auto added = loop_.add(end.get(), ended); !added) return added;
  }
  return {};
}

void Tracer::handle_signal() {
  while (const auto signal = signals_.next()) {
    switch (*signal) {
      case SIGCHLD:
        if (targets_.child) targets_.child->look([this](pid_t pid) { names_.snapshot(pid); });
        break;
      case SIGUSR1: run_on_signal(); break;
      default: stopping_ = true;
    }
  }
}

void Tracer::run_on_signal() {
  if (const auto ran = run_programs(ProbeKindId::Self); !ran) warn(session_, ran.error());
}

bool Tracer::has_events() const {
  return std::ranges::any_of(manifest_.programs, [](const plan::BpfProgram& program) {
    return program.type != plan::ProgramType::TestRun && !is_read_through(program);
  });
}

// In small steps: while a program runs the ring is not emptied.
Result<void> Tracer::read_iterators() {
  constexpr std::size_t kObjects = 64;  // In one step: each writes one byte.
  for (const OwnedFd& iterator : attachments_.iterators()) {
    while (!stopping_ && !session_.exit_code && !input_.sink.broken()) {
      char marks[kObjects];
      const ssize_t got = ::read(iterator.get(), marks, sizeof marks);
      if (got == 0) break;
      if (got < 0 && errno != EINTR && errno != EAGAIN) return fail_errno("read the iterator");
      if (auto waited = loop_.wait(0); !waited) return waited;
      drain();
      report_losses(false);
    }
  }
  if (std::ranges::any_of(manifest_.programs, is_read_through) && !has_events()) stopping_ = true;
  return {};
}

Result<void> Tracer::follow() {
  if (auto watched = watch_all(); !watched) return watched;
  notify_ready(input_.options.notify_fd);
  drain_control();
  if (targets_.child && !session_.exit_code) {
    if (auto released = targets_.child->release(); !released) return released;
  }
  if (auto read = read_iterators(); !read) return read;
  Backlog left = drain();
  bool surveys = manifest_.names_user_code && input_.options.pids.empty() && !targets_.child;
  while (!stopping_ && !session_.exit_code && !input_.sink.broken()) {
    // The kernel wakes us for a record only if we had read all before it: with a backlog we must not sleep for long.
    if (left == Backlog::Unwritten) pause_for_writer();
    const bool is_idle = left == Backlog::None && !surveys;
    if (auto waited = loop_.wait(is_idle ? -1 : 0); !waited) return waited;
    left = drain();
    surveys = surveys && names_.user().survey();
    report_losses(false);
  }
  return {};
}

bool Tracer::drain_control() {
  if (control_ == nullptr) return true;
  const std::uint64_t end = control_->cursor().produced();
  control_->cursor().drain(UINT64_MAX, [this](Record record) {
    dispatch(session_, record);
    return true;
  });
  attachments_.watchpoints().held().let_go_on();
  if (!session_.exit_code) session_.exit_code = object_.data().exit_code();
  if (session_.exit_code && event_limit_ == UINT64_MAX) {
    object_.data().set_paused(true);
    session_.grace_period.programs_are_paused();
    event_limit_ = events_.produced();
  }
  return control_->cursor().reached(end);
}

Tracer::Backlog Tracer::drain() {
  const bool is_written = drain_control();
  // Not more than lies there now: exit() must be seen however fast events come.
  const std::uint64_t end = std::min(event_limit_, events_.produced());
  input_.sink.hold(true);
  const std::size_t taken = events_.drain(end, [this](Record record) {
    dispatch(session_, record);
    return !input_.sink.broken();
  });
  input_.sink.hold(false);
  const bool has_more = events_.has_more();
  if (!is_written || (has_more && taken == 0)) return Backlog::Unwritten;
  return has_more ? Backlog::Records : Backlog::None;
}

void Tracer::drain_to_the_end() {
  WriterWait control_wait;
  while (!drain_control() && control_wait.again()) {
  }
  const std::uint64_t end = std::min(event_limit_, events_.produced());
  const auto drain = [&] {
    events_.drain(end, [this](Record record) {
      dispatch(session_, record);
      return true;
    });
    return events_.reached(end);
  };
  WriterWait wait;
  while (!drain() && wait.again()) {
  }
  // A writer that the scheduler has kept away all the while. Programs are paused: when those that run have ended all is written.
  if (!events_.reached(end) && session_.grace_period.wait()) drain();
}

// Processes that have stopped at a call, to have memory watched, and whose requests are passed over, go on.
void Tracer::pass_over_requests() {
  if (control_ == nullptr) return;
  HeldProcesses& held = attachments_.watchpoints().held();
  control_->cursor().drain(control_->cursor().produced(), [&](Record record) {
    if (const auto pid = stopped_by(manifest_, record)) held.add(*pid);
    return true;
  });
  held.let_go_on();
}

Result<int> Tracer::finish() {
  signals_.let_kill();
  object_.data().set_paused(true);
  attachments_.end_counting();
  session_.grace_period.programs_are_paused();
  if (targets_.child) targets_.child->look([this](pid_t pid) { names_.snapshot(pid); });
  attachments_.close_quick();
  drain_to_the_end();
  drain_packets();
  events_.skip();  // What came after exit() is passed over.
  event_limit_ = UINT64_MAX;
  const auto ran = run_programs(ProbeKindId::End);
  drain_to_the_end();
  drain_packets();
  if (manifest_.settings.print_maps_on_exit) print_maps(true);
  report_losses(true);
  input_.sink.end({boot_nanoseconds() + boot_to_epoch(), ran ? session_.exit_code.value_or(0) : 1});
  input_.sink.flush();
  attachments_.release_slow(input_.options.sync_detach);
  if (targets_.child) targets_.child->end();
  if (!ran) return std::unexpected(ran.error());
  return session_.exit_code.value_or(0);
}

void Tracer::abandon() {
  object_.data().set_paused(true);
  pass_over_requests();
  attachments_.close_quick();
  attachments_.remove_pins();
  attachments_.release_slow(input_.options.sync_detach);
}

}  // namespace sonde::runtime
