// iter: a link that is read (5.8), by the runtime or through the file that it is pinned to.
#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <cerrno>

#include "runtime/attach/attach.h"

namespace sonde::runtime {
namespace {

// What the iterator goes through where it needs to be told: tasks of -p's process (6.1), all of the cgroups (6.1).
bpf_iter_link_info range_of(const Attacher& attacher, const plan::AttachPoint& point, bool& given) {
  bpf_iter_link_info range{};
  const bool is_task = point.symbol.starts_with("bpf_iter_task");
  if (is_task) range.task.pid = attacher.wanted_pid();
  const bool is_cgroup = point.symbol == "bpf_iter_cgroup";
  if (is_cgroup) range.cgroup.order = BPF_CGROUP_ITER_DESCENDANTS_PRE;
  given = is_cgroup || (is_task && attacher.wanted_pid() != 0);
  return range;
}

std::string pin_hint(const std::string& path, int code) {
  switch (code) {
    case EEXIST: return "remove the file first: rm " + path;
    case EPERM:
    case ENOENT:
      return "the folder must exist and lie in a file system of type bpf: "
             "mount -t bpf bpf /sys/fs/bpf";
    default: return {};
  }
}

Result<OwnedFd> link_iterator(const Attacher& attacher, const Batch& batch,
                              const plan::AttachPoint& point) {
  bool given = false;
  bpf_iter_link_info range = range_of(attacher, point, given);
  LIBBPF_OPTS(bpf_link_create_opts, options);
  if (given) {
    options.iter_info = &range;
    options.iter_info_len = sizeof range;
  }
  OwnedFd link(::bpf_link_create(batch.fd, 0, BPF_TRACE_ITER, &options));
  if (link.valid()) return link;
  const int code = errno;
  return fail("attach to the iterator", code, given ? "limiting an iterator takes Linux 6.1" : "");
}

Result<void> attach_one(Attacher& attacher, const Batch& batch, const plan::AttachPoint& point) {
  auto link = link_iterator(attacher, batch, point);
  if (!link) return std::unexpected(link.error());
  if (!point.pin.empty()) {
    if (::bpf_obj_pin(link->get(), point.pin.c_str()) != 0) {
      const int code = errno;
      return fail("pin the iterator to " + point.pin, code, pin_hint(point.pin, code));
    }
    attacher.attachments().add_pin(point.pin);
    attacher.attachments().add_quick(std::move(*link));
    return {};
  }
  OwnedFd iterator(::bpf_iter_create(link->get()));
  if (!iterator.valid()) return fail_errno("open the iterator");
  attacher.attachments().add_iterator(std::move(iterator));
  attacher.attachments().add_quick(std::move(*link));
  return {};
}

void attach_iterators(Attacher& attacher, const Batch& batch) {
  for (const plan::AttachPoint& point : batch.points) {
    if (const auto attached = attach_one(attacher, batch, point)) {
      attacher.succeeded(point);
    } else {
      attacher.failed(point, attached.error());
    }
  }
}

}  // namespace

void attach_Iterator(Attacher& attacher, const Batch& batch) { attach_iterators(attacher, batch); }

void attach_PinnedIterator(Attacher& attacher, const Batch& batch) {
  attach_iterators(attacher, batch);
}

}  // namespace sonde::runtime
