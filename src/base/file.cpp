#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "base/fd.h"

namespace sonde {

Result<std::string> read_file(const std::string& path) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno("open " + path);
  return read_file(fd.get(), path);
}

Result<std::string> read_file(int fd, const std::string& name) {
  std::string bytes;
  struct stat info{};
  if (::fstat(fd, &info) == 0 && info.st_size > 0) {
    bytes.reserve(static_cast<std::size_t>(info.st_size));
  }
  char chunk[16384];
  while (true) {
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("read " + name);
    if (got == 0) return bytes;
    bytes.append(chunk, static_cast<std::size_t>(got));
  }
}

namespace {

Result<void> write_all(int fd, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail_errno("write " + path);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

// `fd` becomes `target` under its temporary name.
Result<void> fill_and_rename(int fd, const std::string& temporary, const std::string& target,
                             std::string_view bytes) {
  struct stat info{};
  if (::stat(target.c_str(), &info) != 0) return fail_errno("stat " + target);
  if (auto written = write_all(fd, temporary, bytes); !written) return written;
  // Another user's file stays theirs if root writes it. The owner first: a change of owner clears mode bits.
  static_cast<void>(::fchown(fd, info.st_uid, info.st_gid));
  if (::fchmod(fd, info.st_mode & 07777) != 0) return fail_errno("chmod " + temporary);
  if (::fsync(fd) != 0) return fail_errno("fsync " + temporary);
  if (::rename(temporary.c_str(), target.c_str()) != 0) return fail_errno("rename " + temporary);
  return {};
}

}  // namespace

Result<void> write_file(const std::string& path, std::string_view bytes) {
  const OwnedFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!fd.valid()) return fail_errno("open " + path);
  return write_all(fd.get(), path, bytes);
}

Result<void> replace_file(const std::string& path, std::string_view bytes) {
  const std::unique_ptr<char, decltype(&std::free)> target(::realpath(path.c_str(), nullptr),
                                                           &std::free);
  if (!target) return fail_errno("open " + path);
  if (::access(target.get(), W_OK) != 0) return fail_errno("write " + path);
  std::string temporary = std::string(target.get()) + ".XXXXXX";
  const OwnedFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.valid()) return fail_errno("create " + temporary);
  auto replaced = fill_and_rename(fd.get(), temporary, target.get(), bytes);
  if (!replaced) ::unlink(temporary.c_str());
  return replaced;
}

Result<void> put_file(const std::string& path, std::string_view bytes) {
  struct stat info{};
  const bool is_new = ::stat(path.c_str(), &info) != 0;
  if (!is_new && !S_ISREG(info.st_mode)) return write_file(path, bytes);
  if (is_new) {
    // A place for it, with the mode that new files get.
    if (auto made = write_file(path, ""); !made) return made;
  }
  auto put = replace_file(path, bytes);
  if (!put && is_new) ::unlink(path.c_str());
  return put;
}

}  // namespace sonde
