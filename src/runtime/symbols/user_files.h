// The binaries that processes have mapped, each opened once. By its build id or inode a file is known again in other processes
// and mount namespaces; one that was opened while a process had it stays open when both are gone.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>

#include "base/fd.h"
#include "kernel/elf.h"
#include "kernel/source_frames.h"
#include "runtime/symbols/address_spaces.h"

namespace sonde::runtime {

struct UserFile {
  kernel::ElfSymbols symbols;
  std::string build_id;
  std::string path;      // To open it again: of this process, good as long as the file is held.
  std::string known_as;  // Where it lay.
  // Lines and inlined functions; null until somebody asks.
  std::optional<std::unique_ptr<kernel::SourceFrames>> source;
};

class UserFiles {
 public:
  // To be called while the first of `pids` is likely to run: takes hold of the file, which costs one open() for each different file.
  // The others may see the file under that name.
  void hold(std::span<const pid_t> pids, const Mapping& mapping);
  // Null for what cannot be had. `pids`: processes that may see the file under that name.
  [[nodiscard]] UserFile* open(const Mapping& mapping, std::span<const pid_t> pids);
  // "[vdso]": the code that the kernel puts into every process; sonde's own is the same.
  [[nodiscard]] UserFile* vdso();

 private:
  // Build id; or device, inode and path.
  using Key = std::tuple<std::string, std::uint64_t, std::uint64_t, std::string>;
  struct Entry {
    OwnedFd held;
    bool was_tried = false;
    std::unique_ptr<UserFile> file;
  };
  static Key key_of(const Mapping& mapping);
  // `is_sure`: the path is that of a process which has the file mapped.
  static std::unique_ptr<UserFile> try_open(const Mapping& mapping, const std::string& path,
                                            const std::string& known_as, bool is_sure);
  std::unique_ptr<UserFile> find(Entry& entry, const Mapping& mapping, std::span<const pid_t> pids);

  std::map<Key, Entry> entries_;
  std::size_t held_ = 0;  // Entries whose file is held.
  std::optional<std::unique_ptr<UserFile>> vdso_;
};

}  // namespace sonde::runtime
