#include "runtime/held.h"

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstring>

#include "runtime/background.h"
#include "runtime/decode.h"
#include "runtime/process.h"

namespace sonde::runtime {
namespace {

// Programs may run until the kernel has let go of what held them.
constexpr int kLooks = 10;
constexpr timespec kBetweenLooks{0, 50'000'000};

// pidfd_send_signal(2) (5.1); glibc before 2.36 has no wrapper.
bool send_continue(const OwnedFd& process) {
  return ::syscall(SYS_pidfd_send_signal, process.get(), SIGCONT, nullptr, 0) == 0;
}

}  // namespace

std::optional<pid_t> stopped_by(const plan::Manifest& manifest, Record record) {
  plan::RecordHeader header{};
  if (record.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, record.data(), sizeof header);
  if (header.action >= manifest.actions.size()) return std::nullopt;
  const plan::Action& action = manifest.actions[header.action];
  if (action.kind != plan::ActionKind::Watch || record.size() < action.size) return std::nullopt;
  const auto& program = manifest.programs[static_cast<std::size_t>(action.program)];
  if (program.attach_points[static_cast<std::size_t>(action.point)].watch->is_async)
    return std::nullopt;
  std::uint64_t pid = 0;
  std::memcpy(&pid, record.data() + action.fields[1].offset, sizeof pid);
  return static_cast<pid_t>(pid);
}

void HeldProcesses::add(pid_t pid) {
  stopped_.insert(pid);
  if (descriptors_.contains(pid)) return;
  if (auto process = watch_process(pid)) descriptors_.emplace(pid, std::move(*process));
}

void HeldProcesses::let_go_on() {
  for (const pid_t pid : stopped_) {
    const auto known = descriptors_.find(pid);
    if (known == descriptors_.end() || send_continue(known->second)) continue;
    // It has ended, and the id may be another's who has been stopped since.
    descriptors_.erase(known);
    if (const auto process = watch_process(pid)) send_continue(*process);
  }
  stopped_.clear();
}

void guard_stopped(const plan::Manifest& manifest, Ring& ring) {
  after_death({ring.fd()}, [&] {
    for (int i = 0; i < kLooks; ++i) {
      HeldProcesses held;
      ring.cursor().drain(ring.cursor().produced(), [&](Record record) {
        if (const auto pid = stopped_by(manifest, record)) held.add(*pid);
        return true;
      });
      held.let_go_on();
      ::nanosleep(&kBetweenLooks, nullptr);
    }
  });
}

}  // namespace sonde::runtime
