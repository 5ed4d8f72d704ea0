// Names of user-space addresses: which file is mapped there, and which function of it.
//
// A process is looked up while it lives. For one that has ended before its address is to be named, snapshot() must have
// been called; the runtime does so for -c's child, at its exit. What other short-lived processes leave in maps prints
// as plain addresses.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kernel/elf.h"
#include "kernel/process_maps.h"
#include "output/value.h"

namespace sonde::runtime {

class UserSymbols {
 public:
  explicit UserSymbols(bool demangles) : demangles_(demangles) {}

  // Remembers the address space of `pid` as it is now, and opens the files that are mapped as code.
  void snapshot(pid_t pid);
  // `symbol` and `module` stay empty where nothing is known.
  [[nodiscard]] output::Frame resolve(pid_t pid, std::uint64_t address);

 private:
  // Tells one address space from the next that bears the same pid, after an exec or in a new process.
  struct Identity {
    std::uint64_t start_time = 0;   // Of the process, clock ticks since boot.
    std::uint64_t code_start = 0;   // 0 when the address space has gone.
    std::uint64_t stack_start = 0;  // Differs from exec to exec by randomization and arguments.
    bool operator==(const Identity&) const = default;
  };
  struct Process {
    kernel::ProcessMaps maps;
    Identity identity;
    std::uint64_t checked_ns = 0;  // CLOCK_BOOTTIME of the last look at the identity.
    std::uint64_t read_ns = 0;     // And of the last reading of the maps.
  };
  static std::optional<Identity> identity_of(pid_t pid);
  // Reads the mappings; what was known stays if they are gone.
  void read(pid_t pid, Process& process);
  // Reads the address space of `pid` if it is another than the one that is known.
  void see(pid_t pid);
  kernel::ElfSymbols* symbols_of(const kernel::ProcessMaps& maps,
                                 const kernel::ProcessMapping& mapping);
  const kernel::ProcessMapping* find_mapping(pid_t pid, std::uint64_t address);

  bool demangles_;
  std::unordered_map<pid_t, Process> processes_;
  // By inode and path; null for files that cannot be read.
  std::map<std::pair<std::uint64_t, std::string>, std::unique_ptr<kernel::ElfSymbols>> files_;
};

}  // namespace sonde::runtime
