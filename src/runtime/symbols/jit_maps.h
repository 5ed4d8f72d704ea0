// Names of code that a program has made at run time: /tmp/perf-PID.map of its own mount namespace, PID as numbered in its own
// pid namespace, which node --perf-basic-prof, python -X perf, perf-map-agent and others write. The format:
// tools/perf/Documentation/jit-interface.txt of the kernel.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/fd.h"

namespace sonde::runtime {

class JitMap {
 public:
  // Lines "START SIZE NAME", hexadecimal numbers; others are passed over, and so is one without its end, which is being
  // written. Of code that was replaced the later line counts.
  explicit JitMap(std::string text);
  struct Symbol {
    std::string_view name;  // Valid as long as this object.
    std::uint64_t offset = 0;
  };
  [[nodiscard]] std::optional<Symbol> find(std::uint64_t address) const;

 private:
  struct Entry {
    std::uint64_t begin, end;
    std::size_t name, length;  // In text_.
    std::size_t line;
  };
  std::string text_;
  std::vector<Entry> entries_;  // By begin.
  std::uint64_t longest_ = 0;
};

class JitMaps {
 public:
  // To be called while `pid` runs: takes hold of its /tmp and learns its id there.
  void hold(pid_t pid);
  // `pid` runs another program now: what is known is looked at anew.
  void replaced(pid_t pid);
  // `pid` is a new process. What was known of one that had the number before goes.
  void forget(pid_t pid);
  struct Symbol {
    std::string name;
    std::uint64_t offset = 0;
    std::string file;  // "/tmp/perf-12.map"
  };
  // `pids`: the process, and others that may see the same /tmp.
  [[nodiscard]] std::optional<Symbol> find(std::span<const pid_t> pids, std::uint64_t address);

 private:
  struct Process {
    OwnedFd folder;  // Its /tmp.
    pid_t own_pid = 0;
    std::optional<JitMap> map;
    std::string name;
    std::int64_t size = -1;       // Of the file when it was read.
    std::uint64_t looked_ns = 0;  // CLOCK_BOOTTIME of the last look.
    bool is_replaced = false;     // The program; its map is another one.
  };
  void release_ended();
  static void load(Process& process, std::span<const pid_t> pids);

  std::unordered_map<pid_t, Process> processes_;
  std::size_t held_ = 0;  // Processes whose /tmp is held.
};

}  // namespace sonde::runtime
