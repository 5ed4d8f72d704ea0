// tc programs: links of the kernel's multi-program hooks (6.6), which let go when their descriptors are closed; filters before.
#include <linux/bpf.h>
#include <net/if.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/attach/attach.h"
#include "runtime/attach/tc_filter.h"

namespace sonde::runtime {
namespace {

// BPF_LINK_CREATE's attributes for tcx, from linux/bpf.h of kernel 6.6; libbpf 1.1.2 has none.
constexpr std::uint32_t kTcxIngress = 46;
constexpr std::uint32_t kTcxEgress = 47;
struct TcxLink {
  std::uint32_t program;
  std::uint32_t interface;
  std::uint32_t attach_type;
  std::uint32_t flags;
  std::uint32_t relative;  // Behind all others.
  std::uint32_t padding;
  std::uint64_t revision;  // Any.
};

OwnedFd link(int program, unsigned interface, plan::Direction direction) {
  TcxLink attributes;
  std::memset(&attributes, 0, sizeof attributes);
  attributes.program = static_cast<std::uint32_t>(program);
  attributes.interface = interface;
  attributes.attach_type = direction == plan::Direction::Ingress ? kTcxIngress : kTcxEgress;
  return OwnedFd(
      static_cast<int>(::syscall(SYS_bpf, BPF_LINK_CREATE, &attributes, sizeof attributes)));
}

Result<void> attach_to(Attacher& attacher, int program, const plan::AttachPoint& point) {
  const unsigned interface = ::if_nametoindex(point.symbol.c_str());
  if (interface == 0) return fail_errno("find the interface");
  OwnedFd fd = link(program, interface, point.direction);
  if (fd.valid()) {
    attacher.attachments().add_quick(std::move(fd));
    return {};
  }
  // What kernels say that do not know the kind of link.
  const bool is_unknown = errno == EINVAL || errno == E2BIG || errno == EOPNOTSUPP;
  if (!is_unknown) return fail_errno("attach a tc program");
  return add_tc_filter(attacher, program, interface, point.direction);
}

}  // namespace

void attach_Tc(Attacher& attacher, const Batch& batch) {
  for (const plan::AttachPoint& point : batch.points) {
    const auto attached = attach_to(attacher, batch.fd, point);
    if (attached) {
      attacher.succeeded(point);
    } else {
      attacher.failed(point, attached.error());
    }
  }
}

}  // namespace sonde::runtime
