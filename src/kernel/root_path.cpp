#include "kernel/root_path.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <climits>

#include "base/fd.h"

namespace sonde::kernel {
namespace {

bool is_file(const std::string& path, const OwnedFd& file) {
  struct stat by_path{};
  struct stat by_file{};
  return ::stat(path.c_str(), &by_path) == 0 && ::fstat(file.get(), &by_file) == 0 &&
         by_path.st_dev == by_file.st_dev && by_path.st_ino == by_file.st_ino;
}

// Without symbolic links: from the root of its mount namespace, or from ours if it is in the same one.
std::string path_of(const OwnedFd& file) {
  std::array<char, PATH_MAX> text;
  const std::string link = "/proc/self/fd/" + std::to_string(file.get());
  const ssize_t size = ::readlink(link.c_str(), text.data(), text.size());
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

std::string path_in_root(const std::string& root, const std::string& path) {
  const OwnedFd folder(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT;  // openat2(2) (5.6); glibc has no wrapper.
  const OwnedFd file(
      static_cast<int>(::syscall(SYS_openat2, folder.get(), path.c_str(), &how, sizeof how)));
  if (!file.valid()) return root + path;
  const std::string real = path_of(file);
  for (const std::string& candidate : {root + real, real}) {
    if (is_file(candidate, file)) return candidate;
  }
  return root + path;
}

}  // namespace sonde::kernel
