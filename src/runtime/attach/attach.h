// Attaching: one handler per row of plan/program_types.def.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "diag/emitter.h"
#include "plan/manifest.h"
#include "runtime/attachments.h"

namespace sonde::runtime {

// Places to which one program is attached.
struct Batch {
  const plan::BpfProgram& program;
  int fd;                                     // Of the loaded program.
  std::span<const plan::AttachPoint> points;  // All of the program's, or a part of them.

  // What tells the program which of its places has fired.
  [[nodiscard]] std::uint64_t cookie(const plan::AttachPoint& point) const {
    return static_cast<std::uint64_t>(&point - program.attach_points.data());
  }
};

class Attacher {
 public:
  // `pid` limits probes that the kernel can limit to a process (uprobes); 0 means all. `multi_uprobes` as the object was
  // loaded, see multi_uprobes_serve(). `wanted_pids` are those of -p, with their descendants if they are followed; none: all.
  Attacher(Attachments& attachments, std::uint32_t pid, bool multi_uprobes = true,
           std::vector<std::uint32_t> wanted_pids = {})
      : attachments_(attachments), pid_(pid), multi_uprobes_(multi_uprobes),
        wanted_pids_(std::move(wanted_pids)) {}

  // --- for the handlers ---
  [[nodiscard]] std::uint32_t pid() const { return pid_; }
  [[nodiscard]] std::span<const std::uint32_t> wanted_pids() const { return wanted_pids_; }
  [[nodiscard]] bool multi_uprobes() const { return multi_uprobes_; }
  [[nodiscard]] Result<std::span<const std::uint32_t>> online_cpus();
  [[nodiscard]] Attachments& attachments() { return attachments_; }
  // Indexes of the interfaces for which this run has made a clsact qdisc.
  [[nodiscard]] std::set<unsigned>& own_qdiscs() { return own_qdiscs_; }
  void succeeded(const plan::AttachPoint& point) { attached_.push_back(&point); }
  void failed(const plan::AttachPoint& point, Error error) {
    failures_.push_back({&point, std::move(error)});
  }

  // --- for the caller ---
  struct Failure {
    const plan::AttachPoint* point;
    Error error;
  };
  [[nodiscard]] const std::vector<const plan::AttachPoint*>& attached() const { return attached_; }
  [[nodiscard]] const std::vector<Failure>& failures() const { return failures_; }

 private:
  Attachments& attachments_;
  std::uint32_t pid_;
  bool multi_uprobes_;
  std::vector<std::uint32_t> wanted_pids_;
  std::vector<std::uint32_t> online_;
  std::set<unsigned> own_qdiscs_;
  std::vector<const plan::AttachPoint*> attached_;
  std::vector<Failure> failures_;
};

// Whether multi-uprobe links do for this run. Before 6.10 a link that is limited to a process sees one thread of it only
// (mended by 46ba0e49b642); perf events, which are slower to attach, see all of them.
[[nodiscard]] bool multi_uprobes_serve(bool limited_to_process, std::string_view kernel_release);

// For mechanisms that attach many places by one link: all at once, or after an error each half for itself, so that the bad
// places are found and the others attached.
using LinkMany = Result<OwnedFd> (*)(const Attacher& attacher, const Batch& batch);
void attach_together(Attacher& attacher, const Batch& batch, LinkMany link);

// Attaches a program to all of its places; what went wrong is in attacher.failures().
void attach(Attacher& attacher, const plan::BpfProgram& program, int fd);

#define SONDE_PROGRAM_TYPE(Id, name, section, return_section, kernel_type, attach_type, context, \
                           scratch, traits, result, kernel)                                      \
  void attach_##Id(Attacher& attacher, const Batch& batch);
#include "plan/program_types.def"

}  // namespace sonde::runtime
