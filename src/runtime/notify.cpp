#include "runtime/notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/fd.h"

namespace sonde::runtime {
namespace {

void notify_service_manager(std::string_view path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';  // Abstract name space.
  const OwnedFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return;
  constexpr std::string_view kReady = "READY=1";
  ::sendto(fd.get(), kReady.data(), kReady.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address),
           static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size()));
}

}  // namespace

void notify_ready(int fd) {
  if (fd >= 0) {
    constexpr std::string_view kReady = "READY\n";
    [[maybe_unused]] const ssize_t put = ::write(fd, kReady.data(), kReady.size());
  }
  if (const char* path = std::getenv("NOTIFY_SOCKET")) notify_service_manager(path);
}

}  // namespace sonde::runtime
