#include "kernel/network.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <memory>
#include <string_view>

#include "base/fd.h"

namespace sonde::kernel {
namespace {

// What does not answer is taken for the usual case.
bool has_link_header(const OwnedFd& socket, std::string_view name) {
  ifreq request{};
  name.copy(request.ifr_name, sizeof request.ifr_name - 1);
  if (::ioctl(socket.get(), SIOCGIFHWADDR, &request) != 0) return true;
  const auto type = request.ifr_hwaddr.sa_family;
  return type == ARPHRD_ETHER || type == ARPHRD_LOOPBACK;
}

}  // namespace

Result<std::vector<NetworkInterface>> network_interfaces() {
  const std::unique_ptr<struct if_nameindex, void (*)(struct if_nameindex*)> list(
      ::if_nameindex(), ::if_freenameindex);
  if (list == nullptr) return fail_errno("list the network interfaces");
  const OwnedFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::vector<NetworkInterface> found;
  for (const struct if_nameindex* entry = list.get(); entry->if_index != 0; ++entry) {
    found.push_back({entry->if_name, has_link_header(socket, entry->if_name)});
  }
  return found;
}

}  // namespace sonde::kernel
