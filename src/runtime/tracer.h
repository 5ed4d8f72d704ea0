// One run of a loaded program: attach, follow events, end.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "diag/emitter.h"
#include "runtime/attach/attach.h"
#include "runtime/attachments.h"
#include "runtime/event_queue.h"
#include "runtime/loop.h"
#include "runtime/object.h"
#include "runtime/packet_files.h"
#include "runtime/process.h"
#include "runtime/ring.h"
#include "runtime/runtime.h"
#include "runtime/session.h"
#include "runtime/signals.h"
#include "runtime/symbols/live_names.h"

namespace sonde::runtime {

// The processes whose end ends the run: the child, or all of those of -p.
struct Targets {
  std::optional<Child> child;         // -c
  OwnedFd child_end;                  // Readable when it has ended.
  std::vector<OwnedFd> process_ends;  // The same for each of -p.
  // What the kernel can limit to one process is limited to this one, see Attacher; 0 if there are several or none.
  std::uint32_t only_pid = 0;
  bool multi_uprobes = true;  // See multi_uprobes_serve().
};

// What a run works with; all of it outlives the tracer.
struct RunInput {
  const plan::Program& program;
  const diag::Sources& sources;
  const Options& options;
  output::Sink& sink;
  diag::Emitter& emitter;
};

class Tracer {
 public:
  Tracer(const RunInput& input, Object& object, Targets& targets, Signals& signals,
         EventQueue& events, Ring* control, Loop& loop, std::uint32_t possible_cpus);

  // begin programs, then everything else is attached; programs stay paused until all is. Places that cannot be attached
  // are reported through the emitter (error reported()) or, as settings.missing_probes says, left out.
  [[nodiscard]] Result<void> start();
  // Lets the child go and follows events until something ends the run.
  [[nodiscard]] Result<void> follow();
  // Pauses, end programs, detaches, prints maps and losses. Returns the exit status.
  [[nodiscard]] Result<int> finish();
  // Instead of all that: the tests or benchmarks, and a report. Returns the exit status.
  [[nodiscard]] Result<int> run_trials();
  // For --dry-run and for errors.
  void abandon();

 private:
  // Takes what lies in the control ring and does nothing of it.
  void pass_over_requests();
  // Tells which processes' memory is watched, and provides for those that a call will stop.
  void prepare_watchpoints();
  [[nodiscard]] Result<void> run_programs(builtins::ProbeKindId kind);
  // One run in sonde's own context (5.10); the program's result.
  [[nodiscard]] Result<std::uint32_t> run_once(std::size_t program);
  [[nodiscard]] Result<output::TestResult> run_test(std::size_t program, const std::string& name);
  [[nodiscard]] Result<output::Benchmark> measure(std::size_t program, const std::string& name);
  // Between two trials.
  void forget_exit();
  void attach_programs(Attacher& attacher, bool are_keepers);
  // Each iterator once, to its end.
  [[nodiscard]] Result<void> read_iterators();
  // False if the script has nothing but what runs by itself and iterators.
  [[nodiscard]] bool has_events() const;
  [[nodiscard]] Result<void> attach_all();
  // The mappings of -p's process now, those of the child when it is about to exit.
  void prepare_user_names();
  // Fills the maps of the filters; with --follow, from now on new children are noted.
  [[nodiscard]] Result<void> prepare_filter(Attacher& attacher);
  // For skboutput(): its files and what fills them.
  [[nodiscard]] Result<void> open_packets();
  void drain_packets();
  // What iterators of tasks are limited to; none: all.
  [[nodiscard]] std::vector<std::uint32_t> wanted_pids() const;
  [[nodiscard]] Result<void> watch_all();
  void handle_signal();
  void run_on_signal();
  // What is left in the rings.
  enum class Backlog : std::uint8_t { None, Records, Unwritten };
  // Takes what lies there; the control ring first.
  Backlog drain();
  // False if a record is still being written.
  bool drain_control();
  // Waits for records that programs still write; they take microseconds.
  void drain_to_the_end();
  void report_losses(bool at_end);
  // All maps that are not empty.
  void print_maps(bool at_exit);
  void verbose(std::string_view line) const;

  const RunInput& input_;
  const plan::Manifest& manifest_;
  Object& object_;
  Targets& targets_;
  Signals& signals_;
  EventQueue& events_;
  Ring* control_;
  Loop& loop_;
  LiveNames names_;
  Session session_;
  Attachments attachments_;
  PacketFiles packet_files_;
  std::unique_ptr<PacketBuffer> packets_;
  bool stopping_ = false;
  std::size_t ended_processes_ = 0;         // Of -p.
  std::uint64_t event_limit_ = UINT64_MAX;  // Ring position of exit(): later events are not shown.
  std::vector<std::uint64_t> reported_losses_;
  std::uint64_t reported_misses_ = 0;
  std::uint64_t reported_calls_ = 0;
  std::uint64_t next_loss_check_ = 0;  // CLOCK_BOOTTIME, nanoseconds.
};

}  // namespace sonde::runtime
