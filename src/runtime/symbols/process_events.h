// What becomes of processes' address spaces while sonde runs: forks, execve() and code that is mapped. The kernel writes it into
// rings of perf events (PERF_RECORD_MMAP2, 3.16), system-wide, so that a process is known also when it has ended.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "kernel/process_maps.h"

namespace sonde::runtime {

struct ProcessEvent {
  enum class Kind : std::uint8_t { Fork, Exec, Map };
  Kind kind = Kind::Map;
  pid_t pid = 0;           // Of the process (tgid), as sonde's pid namespace numbers it.
  pid_t parent = 0;        // Fork.
  std::uint64_t time = 0;  // CLOCK_BOOTTIME, ns.
  kernel::ProcessMapping
      mapping;           // Map. Without `inode` where the kernel tells the build id instead.
  std::string build_id;  // Map: hexadecimal, "" if unknown (it is told from 5.12 on).
};

class ProcessEvents {
 public:
  // From now on. Fails without CAP_PERFMON.
  [[nodiscard]] static Result<ProcessEvents> open();
  ProcessEvents(ProcessEvents&& other) noexcept = default;
  ProcessEvents& operator=(ProcessEvents&&) = delete;
  ~ProcessEvents();

  // Readable when there are events, one for each CPU.
  [[nodiscard]] std::vector<int> descriptors() const;
  // Hands over what has come since the last call, in no order between CPUs.
  void drain(const std::function<void(const ProcessEvent&)>& take);

 private:
  struct Ring {
    OwnedFd fd;
    std::byte* mapped = nullptr;
  };
  ProcessEvents() = default;
  static void drain(const Ring& ring, std::vector<std::byte>& record,
                    const std::function<void(const ProcessEvent&)>& take);

  std::vector<Ring> rings_;
};

}  // namespace sonde::runtime
