#include "runtime/background.h"

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

[[noreturn]] void wait_and_work(int parent, std::vector<int> kept,
                                const std::function<void()>& work) {
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
  work();
  ::_exit(0);  // The kernel closes the descriptors.
}

}  // namespace

void after_death(std::vector<int> kept, const std::function<void()>& work) {
  const auto self = watch_process(::getpid());
  if (self && ::fork() == 0) wait_and_work(self->get(), std::move(kept), work);
}

}  // namespace sonde::runtime
