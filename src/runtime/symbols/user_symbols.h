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
#include <string>
#include <string_view>
#include <unordered_map>

#include "kernel/elf.h"
#include "kernel/process_maps.h"
#include "output/value.h"

namespace sonde::runtime {

// Mangled C++ name -> readable; other names as they are.
[[nodiscard]] std::string demangle(std::string_view name);

class UserSymbols {
 public:
  explicit UserSymbols(bool demangles) : demangles_(demangles) {}

  // Remembers the address space of `pid` as it is now, and opens the files that are mapped as code.
  void snapshot(pid_t pid);
  // Reads the address space of `pid` if it was not seen before.
  void see(pid_t pid);
  // `symbol` and `module` stay empty where nothing is known.
  [[nodiscard]] output::Frame resolve(pid_t pid, std::uint64_t address);

 private:
  struct Process {
    kernel::ProcessMaps maps;
    bool read_again = false;  // After a miss: a library may have been loaded since. Once is enough.
  };
  kernel::ElfSymbols* symbols_of(const kernel::ProcessMaps& maps,
                                 const kernel::ProcessMapping& mapping);
  const kernel::ProcessMapping* find_mapping(pid_t pid, std::uint64_t address);

  bool demangles_;
  std::unordered_map<pid_t, Process> processes_;
  // By inode and path; null for files that cannot be read.
  std::map<std::pair<std::uint64_t, std::string>, std::unique_ptr<kernel::ElfSymbols>> files_;
};

}  // namespace sonde::runtime
