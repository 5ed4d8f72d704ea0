#include "network.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sonde::test {

NetworkNamespace::NetworkNamespace() : before_(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)) {
  if (before_ < 0 || ::unshare(CLONE_NEWNET) != 0)
    problem_ = std::string("no network namespace: ") + std::strerror(errno);
}

NetworkNamespace::~NetworkNamespace() {
  if (before_ < 0) return;
  ::setns(before_, CLONE_NEWNET);
  ::close(before_);
}

}  // namespace sonde::test
