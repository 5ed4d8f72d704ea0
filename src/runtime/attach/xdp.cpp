// XDP programs: one link for each interface (5.9), which lets go when its descriptor is closed.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <linux/if_link.h>
#include <net/if.h>

#include <cerrno>
#include <string>

#include "runtime/attach/attach.h"
#include "runtime/attach/other_program.h"

namespace sonde::runtime {
namespace {

OwnedFd link(const Batch& batch, unsigned interface, std::uint32_t flags) {
  LIBBPF_OPTS(bpf_link_create_opts, options, .flags = flags);
  return OwnedFd(::bpf_link_create(batch.fd, static_cast<int>(interface), BPF_XDP, &options));
}

bool is_taken(int code) { return code == EBUSY || code == EEXIST; }

std::string taken_hint(unsigned interface) {
  LIBBPF_OPTS(bpf_xdp_query_opts, query);
  if (::bpf_xdp_query(static_cast<int>(interface), 0, &query) != 0) return {};
  std::uint32_t id = query.prog_id;
  for (const std::uint32_t other : {query.drv_prog_id, query.skb_prog_id, query.hw_prog_id})
    if (id == 0) id = other;
  return id == 0 ? std::string()
                 : fmt::format("{} is attached there; a tc probe works beside it",
                               describe_program(id));
}

// In the driver where it can, else in front of the network stack, where each packet costs more. A driver may refuse for reasons
// of its own, such as a large MTU.
Result<OwnedFd> attach_to(const Batch& batch, const plan::AttachPoint& point) {
  const unsigned interface = ::if_nametoindex(point.symbol.c_str());
  if (interface == 0) return fail_errno("find the interface");
  OwnedFd fd = link(batch, interface, 0);
  if (fd.valid()) return fd;
  const int code = errno;
  if (is_taken(code)) return fail("attach an XDP program", code, taken_hint(interface));
  fd = link(batch, interface, XDP_FLAGS_SKB_MODE);
  if (fd.valid()) return fd;
  return fail("attach an XDP program", code);
}

}  // namespace

void attach_Xdp(Attacher& attacher, const Batch& batch) {
  for (const plan::AttachPoint& point : batch.points) {
    auto fd = attach_to(batch, point);
    if (!fd) {
      attacher.failed(point, fd.error());
      continue;
    }
    attacher.attachments().add_quick(std::move(*fd));
    attacher.succeeded(point);
  }
}

}  // namespace sonde::runtime
