// cgroup_skb programs: one link for each cgroup (5.7), which lets go when its descriptor is closed.
#include <bpf/bpf.h>
#include <fcntl.h>

#include <cerrno>

#include "runtime/attach/attach.h"

namespace sonde::runtime {
namespace {

Result<OwnedFd> link(int program, const std::string& folder, bpf_attach_type type) {
  const OwnedFd cgroup(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!cgroup.valid()) return fail_errno("open " + folder);
  OwnedFd fd(::bpf_link_create(program, cgroup.get(), type, nullptr));
  if (fd.valid()) return fd;
  return fail_errno(
      "attach a program to the cgroup",
      errno == EPERM ? "a program that allows no other is attached to it, or above it" : "");
}

void attach(Attacher& attacher, const Batch& batch, bpf_attach_type type) {
  for (const plan::AttachPoint& point : batch.points) {
    auto fd = link(batch.fd, point.target, type);
    if (!fd) {
      attacher.failed(point, fd.error());
      continue;
    }
    attacher.attachments().add_quick(std::move(*fd));
    attacher.succeeded(point);
  }
}

}  // namespace

void attach_CgroupIngress(Attacher& attacher, const Batch& batch) {
  attach(attacher, batch, BPF_CGROUP_INET_INGRESS);
}

void attach_CgroupEgress(Attacher& attacher, const Batch& batch) {
  attach(attacher, batch, BPF_CGROUP_INET_EGRESS);
}

}  // namespace sonde::runtime
