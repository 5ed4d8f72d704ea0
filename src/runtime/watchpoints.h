// Debug registers of the processor that watch memory.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "plan/manifest.h"

namespace sonde::runtime {

class Watchpoints {
 public:
  // Lets `program` (a descriptor) run at each access of all threads of process `pid` to `address`; `pid` 0: of the kernel, on
  // `cpus`. `cookie` tells the program its place. Does nothing if it is watched by that program already.
  struct Place {
    int program = -1;
    std::uint64_t cookie = 0;
    pid_t pid = 0;
    std::vector<std::uint32_t> cpus;
  };
  [[nodiscard]] Result<void> watch(const plan::Watch& how, std::uint64_t address,
                                   const Place& place);
  void unwatch(std::uint64_t address);
  void clear() { watched_.clear(); }

 private:
  struct Watched {
    std::uint64_t address = 0;
    int program = -1;
    std::uint64_t cookie = 0;
    std::vector<OwnedFd> events;
  };
  std::vector<Watched> watched_;
};

}  // namespace sonde::runtime
