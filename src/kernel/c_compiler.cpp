#include "kernel/c_compiler.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "base/fd.h"
#include "base/text.h"

namespace sonde::kernel {
namespace {

// Files in memory instead of pipes: nobody has to feed and to empty them while it runs.
Result<OwnedFd> memory_file(const std::string& bytes) {
  OwnedFd fd(::memfd_create("sonde", MFD_CLOEXEC));
  if (!fd.valid()) return fail_errno("create a file in memory");
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t written = ::write(fd.get(), bytes.data() + done, bytes.size() - done);
    if (written < 0) return fail_errno("write a file in memory");
    done += static_cast<std::size_t>(written);
  }
  if (::lseek(fd.get(), 0, SEEK_SET) != 0) return fail_errno("rewind a file in memory");
  return fd;
}

std::string contents(const OwnedFd& fd) {
  std::string bytes;
  char buffer[1 << 16];
  off_t at = 0;
  for (ssize_t count; (count = ::pread(fd.get(), buffer, sizeof buffer, at)) > 0; at += count) {
    bytes.append(buffer, static_cast<std::size_t>(count));
  }
  return bytes;
}

// The caller may ignore or block signals that a compiler needs.
class Attributes {
 public:
  Attributes() {
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_init(&actions_);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }
  ~Attributes() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  void redirect(const OwnedFd& fd, int as) {
    ::posix_spawn_file_actions_adddup2(&actions_, fd.get(), as);
  }
  [[nodiscard]] int start(pid_t& pid, const std::string& path, char* const* arguments) const {
    return ::posix_spawn(&pid, path.c_str(), &actions_, &attributes_, arguments, environ);
  }

 private:
  posix_spawnattr_t attributes_{};
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

Result<std::string> find_compiler() {
  constexpr int kNewest = 22;
  constexpr int kOldest = 14;
  std::vector<std::string> names{"clang"};
  for (int version = kNewest; version >= kOldest; --version) {
    names.push_back(fmt::format("clang-{}", version));
  }
  const char* path = std::getenv("PATH");
  for (const std::string& name : names) {
    for (const std::string_view folder : split(path != nullptr ? path : "/usr/bin:/bin", ':')) {
      const std::string file = fmt::format("{}/{}", folder.empty() ? "." : folder, name);
      if (::access(file.c_str(), X_OK) == 0) return file;
    }
  }
  return fail("find clang in PATH", ENOENT, "install it: apt install clang");
}

Result<CompilerRun> run_compiler(const std::string& path, const std::vector<std::string>& arguments,
                                 const std::string& input) {
  auto in = memory_file(input);
  auto out = memory_file({});
  auto messages = memory_file({});
  for (const auto* file : {&in, &out, &messages}) {
    if (!*file) return std::unexpected(file->error());
  }
  std::vector<char*> words{const_cast<char*>(path.c_str())};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  Attributes attributes;
  attributes.redirect(*in, STDIN_FILENO);
  attributes.redirect(*out, STDOUT_FILENO);
  attributes.redirect(*messages, STDERR_FILENO);
  pid_t pid = -1;
  if (const int error = attributes.start(pid, path, words.data()); error != 0) {
    return fail("start " + path, error);
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return fail_errno("wait for " + path);
  }
  return CompilerRun{WIFEXITED(status) && WEXITSTATUS(status) == 0, contents(*out),
                     contents(*messages)};
}

}  // namespace sonde::kernel
