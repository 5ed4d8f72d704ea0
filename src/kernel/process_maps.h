// The executable mappings of a process, for naming the addresses of user stacks.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sonde::kernel {

struct ProcessMapping {
  std::uint64_t start = 0;  // Virtual addresses, end exclusive.
  std::uint64_t end = 0;
  std::uint64_t offset = 0;  // In the file, of `start`.
  std::uint64_t inode = 0;   // 0: no file.
  std::uint64_t device = 0;  // Of the inode, as stat(2) has it on most file systems.
  std::string path;  // As the process sees it; "[vdso]" and the like, or "" for anonymous memory.
  bool is_deleted = false;  // The file is gone or replaced; path_under_proc() may fail.

  [[nodiscard]] std::uint64_t file_offset(std::uint64_t address) const {
    return address - start + offset;
  }
  [[nodiscard]] bool has_file() const { return inode != 0 && path.starts_with('/'); }
  // The same of a mapping that came with a build id instead of an inode.
  [[nodiscard]] bool has_code_file() const { return path.starts_with('/'); }
};

// Ids of all processes, from /proc.
[[nodiscard]] std::vector<pid_t> running_processes();

class ProcessMaps {
 public:
  // Reads /proc/PID/maps. Fails when the process is gone or belongs to another user.
  [[nodiscard]] static Result<ProcessMaps> read(pid_t pid);
  [[nodiscard]] static ProcessMaps parse(pid_t pid, std::string_view text);

  // Null outside the executable mappings.
  [[nodiscard]] const ProcessMapping* find(std::uint64_t address) const;
  [[nodiscard]] const std::vector<ProcessMapping>& mappings() const { return mappings_; }
  // Where this process opens the mapping's file: /proc/PID/root/..., right in other mount namespaces too.
  [[nodiscard]] std::string path_under_proc(const ProcessMapping& mapping) const;

 private:
  pid_t pid_ = 0;
  std::vector<ProcessMapping> mappings_;  // By address.
};

}  // namespace sonde::kernel
