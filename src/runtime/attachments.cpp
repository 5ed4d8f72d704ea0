#include "runtime/attachments.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

#include "runtime/process.h"

namespace sonde::runtime {
namespace {

// close_range(2) (5.9); glibc before 2.34 has no wrapper.
void close_from_to(int first, int last) {
  if (first > last) return;
  if (::syscall(SYS_close_range, first, last, 0) == 0) return;
  for (int fd = first; fd <= last && fd < 65536; ++fd) ::close(fd);
}

void close_all_but(std::vector<int> kept) {
  std::ranges::sort(kept);
  int next = 3;
  for (const int fd : kept) {
    close_from_to(next, fd - 1);
    next = fd + 1;
  }
  close_from_to(next, INT_MAX);
}

// The background process: out of the caller's session, without its files, so that nobody who waits for the end of a pipe
// or of a process group waits for it.
[[noreturn]] void keep_until_death(int parent, std::vector<int> kept) {
  ::setsid();
  ::prctl(PR_SET_NAME, "sonde-detach");
  const int null = ::open("/dev/null", O_RDWR);
  for (int fd = 0; fd <= 2; ++fd) ::dup2(null, fd);
  kept.push_back(parent);
  close_all_but(std::move(kept));
  [[maybe_unused]] const int moved = ::chdir("/");
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  pollfd waiting{parent, POLLIN, 0};
  while (::poll(&waiting, 1, -1) < 0) {
  }
  ::_exit(0);  // The kernel closes the rest.
}

}  // namespace

void Attachments::remove_pins() {
  for (const std::string& path : pins_) ::unlink(path.c_str());
  pins_.clear();
}

void Attachments::release_slow(bool wait) {
  if (slow_.empty()) return;
  if (!wait) {
    std::vector<int> kept;
    for (const OwnedFd& fd : slow_) kept.push_back(fd.get());
    const auto self = watch_process(::getpid());
    if (self && ::fork() == 0) keep_until_death(self->get(), std::move(kept));
  }
  // Quick when the background process holds them too.
  slow_.clear();
}

}  // namespace sonde::runtime
