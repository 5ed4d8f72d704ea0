#include "runtime/attach/tc_filter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "base/fd.h"
#include "runtime/background.h"
#include "runtime/libbpf_log.h"

namespace sonde::runtime {
namespace {

struct Filter {
  int interface = 0;
  bpf_tc_attach_point point = BPF_TC_INGRESS;
  std::uint32_t handle = 0;
  std::uint32_t priority = 0;
  std::uint32_t program = 0;  // Its id.
  bool owns_qdisc = false;
};

// Whether the qdisc has filters on one of its sides, by a dump of rtnetlink(7). True if the kernel does not tell.
bool has_filters(int interface, std::uint32_t side) {
  const OwnedFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  struct {
    nlmsghdr header;
    tcmsg message;
  } request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETTFILTER;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.message.tcm_ifindex = interface;
  request.message.tcm_parent = TC_H_MAKE(TC_H_CLSACT, side);
  if (::send(socket.get(), &request, sizeof request, 0) < 0) return true;
  alignas(nlmsghdr) std::array<char, 16384> answer{};
  const ssize_t bytes = ::recv(socket.get(), answer.data(), answer.size(), 0);
  if (bytes < static_cast<ssize_t>(sizeof(nlmsghdr))) return true;
  return reinterpret_cast<const nlmsghdr*>(answer.data())->nlmsg_type == RTM_NEWTFILTER;
}

// Does nothing if another filter has taken its place, or none is there any more.
void remove(const Filter& filter) {
  const LibbpfLog quiet(false);
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = filter.interface, .attach_point = filter.point);
  LIBBPF_OPTS(bpf_tc_opts, found, .handle = filter.handle, .priority = filter.priority);
  if (::bpf_tc_query(&hook, &found) != 0 || found.prog_id != filter.program) return;
  LIBBPF_OPTS(bpf_tc_opts, gone, .handle = filter.handle, .priority = filter.priority);
  ::bpf_tc_detach(&hook, &gone);
  if (!filter.owns_qdisc || has_filters(filter.interface, TC_H_MIN_INGRESS) ||
      has_filters(filter.interface, TC_H_MIN_EGRESS))
    return;
  hook.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
  ::bpf_tc_hook_destroy(&hook);
}

Result<Filter> attach_filter(Attacher& attacher, int program, unsigned interface,
                             plan::Direction direction) {
  const LibbpfLog quiet(false);
  Filter filter;
  filter.interface = static_cast<int>(interface);
  filter.point = direction == plan::Direction::Ingress ? BPF_TC_INGRESS : BPF_TC_EGRESS;
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = filter.interface, .attach_point = filter.point);
  const int made = ::bpf_tc_hook_create(&hook);
  if (made != 0 && made != -EEXIST) return fail("make a clsact qdisc", -made);
  if (made == 0) attacher.own_qdiscs().insert(interface);
  filter.owns_qdisc = attacher.own_qdiscs().contains(interface);
  LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program);
  const int status = ::bpf_tc_attach(&hook, &options);
  if (status != 0) return fail("attach a tc filter", -status);
  filter.handle = options.handle;
  filter.priority = options.priority;
  filter.program = options.prog_id;
  return filter;
}

}  // namespace

Result<void> add_tc_filter(Attacher& attacher, int program, unsigned interface,
                           plan::Direction direction) {
  const auto filter = attach_filter(attacher, program, interface, direction);
  if (!filter) return std::unexpected(filter.error());
  after_death({}, [filter = *filter] { remove(filter); });
  attacher.attachments().add_undo([filter = *filter] { remove(filter); });
  return {};
}

}  // namespace sonde::runtime
