// Debug registers of the processor that watch memory.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "plan/manifest.h"
#include "runtime/held.h"

namespace sonde::runtime {

class Watchpoints {
 public:
  // Lets `program` (a descriptor) run at each access of all threads of process `pid` to `address`, and with `follows` of the
  // processes that it starts from now on; `pid` 0: of the kernel, on `cpus`. `cookie` tells the program its place. Does nothing if
  // it is watched by that program already.
  struct Place {
    int program = -1;
    std::uint64_t cookie = 0;
    pid_t pid = 0;
    std::vector<std::uint32_t> cpus;
    bool follows = false;
  };
  [[nodiscard]] Result<void> watch(const plan::Watch& how, std::uint64_t address,
                                   const Place& place);
  void unwatch(std::uint64_t address);
  // Processes that started threads faster than they could be found, so that some are not watched; each is told once.
  [[nodiscard]] std::set<pid_t> take_partly_watched() { return std::exchange(partly_watched_, {}); }
  void clear() { watched_.clear(); }

  // The processes whose memory an address of the script is in, and whether those that they start are traced too.
  struct Targets {
    std::vector<std::uint32_t> pids;
    bool follows = false;
  };
  void set_targets(Targets targets) { targets_ = std::move(targets); }
  [[nodiscard]] const Targets& targets() const { return targets_; }
  [[nodiscard]] HeldProcesses& held() { return held_; }

 private:
  struct Watched {
    std::uint64_t address = 0;
    int program = -1;
    std::uint64_t cookie = 0;
    pid_t pid = 0;
    std::vector<OwnedFd> events;
  };
  std::vector<Watched> watched_;
  std::set<pid_t> partly_watched_;
  Targets targets_;
  HeldProcesses held_;
};

}  // namespace sonde::runtime
