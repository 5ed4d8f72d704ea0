// Program -> events -> sink. Loads, attaches, dispatches events, prints maps, detaches.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "diag/emitter.h"
#include "diag/source.h"
#include "output/sink.h"
#include "plan/manifest.h"

namespace sonde::runtime {

enum class Purpose : std::uint8_t {
  Trace,
  Tests,       // Run each test once. The exit status is 1 if one fails.
  Benchmarks,  // Run each benchmark again and again.
};

struct Options {
  Purpose purpose = Purpose::Trace;  // As the program was compiled for.
  std::string command;               // -c; empty for none
  std::vector<std::uint32_t> pids;   // -p
  std::string cgroup;                // --cgroup: the folder; empty for none
  bool dry_run = false;              // Stop after attaching.
  bool verbose = false;              // -v: a line per loaded program and attached probe, on stderr
  bool sync_detach = false;          // Wait for the kernel to release every probe.
  bool escape_messages = false;  // Control characters in what errorf() and warnf() say are shown.
  int notify_fd = -1;            // Gets "READY\n" when all probes are attached.
  std::string* verifier_log = nullptr;  // -d verifier: filled in when not null.
  std::string* libbpf_log = nullptr;    // -d libbpf
};

// Runs to the end: exit(), SIGINT/SIGTERM, end of the child or of -p's process. Returns the exit status (exit()'s code,
// else 0). An error means that nothing stays attached. A program that the verifier refuses is reported through
// `emitter` at the script's place, with the reason in plain words, and gives an Error for which is_reported() holds (runtime/reported.h).
[[nodiscard]] Result<int> run(const plan::Program& program, const diag::Sources& sources,
                              const Options& options, output::Sink& sink, diag::Emitter& emitter);

}  // namespace sonde::runtime
