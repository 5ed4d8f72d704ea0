// Names of user-space addresses: which file is mapped there, which function of it, and which line of source.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "output/value.h"
#include "plan/manifest.h"
#include "runtime/symbols/address_spaces.h"
#include "runtime/symbols/jit_maps.h"
#include "runtime/symbols/process_events.h"
#include "runtime/symbols/user_files.h"

namespace sonde::runtime {

class UserSymbols {
 public:
  struct Options {
    bool demangles = true;
    bool shows_source = true;  // Lines and inlined functions.
  };
  explicit UserSymbols(Options options) : options_(options) {}

  // From now on processes are followed, so that they can be named when they have ended. Without it, or where it fails, those that
  // run when they are asked for, and those of snapshot().
  [[nodiscard]] Result<void> follow();
  // Notes the processes that run now, a few with each call; false when all are noted. For those that end before they are asked for.
  bool survey();
  // Readable when update() should be called soon: files may not be there for long.
  [[nodiscard]] std::vector<int> descriptors() const;
  void update();
  // Remembers the address space of `pid` as it is now, and opens the files that are mapped as code.
  void snapshot(pid_t pid);

  // The name of `address` alone; `symbol` and `module` stay empty where nothing is known.
  [[nodiscard]] output::Frame resolve(plan::ProcessWord process, std::uint64_t address);
  // The frames of one address of a stack, innermost first: inlined functions are frames of their own. `returns`: it is where a
  // call returns to, which may be behind the end of the function that called.
  void append_frames(plan::ProcessWord process, std::uint64_t address, bool returns,
                     std::vector<output::Frame>& frames);

 private:
  struct Place {
    UserFile* file = nullptr;
    std::uint64_t address = 0;  // In the file, as linked.
  };
  output::Frame name(plan::ProcessWord process, std::uint64_t address, std::uint64_t looked_up,
                     Place& place);
  void hold(pid_t pid, const Mapping& mapping);

  Options options_;
  std::optional<ProcessEvents> events_;
  std::optional<std::vector<pid_t>> to_survey_;
  AddressSpaces spaces_;
  UserFiles files_;
  JitMaps jit_;
};

}  // namespace sonde::runtime
