#include "runtime/attach/tc_filter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>

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

// Does nothing if another filter has taken its place, or none is there any more.
void remove(const Filter& filter) {
  const LibbpfLog quiet(false);
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = filter.interface, .attach_point = filter.point);
  LIBBPF_OPTS(bpf_tc_opts, found, .handle = filter.handle, .priority = filter.priority);
  if (::bpf_tc_query(&hook, &found) != 0 || found.prog_id != filter.program) return;
  LIBBPF_OPTS(bpf_tc_opts, gone, .handle = filter.handle, .priority = filter.priority);
  ::bpf_tc_detach(&hook, &gone);
  if (!filter.owns_qdisc) return;
  hook.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
  ::bpf_tc_hook_destroy(&hook);
}

}  // namespace

Result<void> add_tc_filter(Attachments& attachments, int program, unsigned interface,
                           plan::Direction direction) {
  const LibbpfLog quiet(false);
  Filter filter;
  filter.interface = static_cast<int>(interface);
  filter.point = direction == plan::Direction::Ingress ? BPF_TC_INGRESS : BPF_TC_EGRESS;
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = filter.interface, .attach_point = filter.point);
  const int made = ::bpf_tc_hook_create(&hook);
  filter.owns_qdisc = made == 0;
  if (made != 0 && made != -EEXIST) return fail("make a clsact qdisc", -made);
  LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program);
  const int status = ::bpf_tc_attach(&hook, &options);
  filter.handle = options.handle;
  filter.priority = options.priority;
  filter.program = options.prog_id;
  if (status != 0) return fail("attach a tc filter", -status);
  after_death({}, [filter] { remove(filter); });
  attachments.add_undo([filter] { remove(filter); });
  return {};
}

}  // namespace sonde::runtime
