// iter: a link that is read (5.8), by the runtime or through the file that it is pinned to.
#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <cerrno>

#include "runtime/attach/attach.h"

namespace sonde::runtime {
namespace {

enum class Range : std::uint8_t { All, Tasks, Cgroups };

Range range_of(const plan::AttachPoint& point) {
#define SONDE_ITERATOR_RANGE(function, range) \
  if (point.symbol == function) return Range::range;
#include "plan/iterator_ranges.def"
  return Range::All;
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

// `pid` limits iterators of tasks to one process; 0: all.
Result<OwnedFd> link_iterator(const Batch& batch, const plan::AttachPoint& point,
                              std::uint32_t pid) {
  bpf_iter_link_info range{};
  const bool is_cgroups = range_of(point) == Range::Cgroups;
  if (is_cgroups) range.cgroup.order = BPF_CGROUP_ITER_DESCENDANTS_PRE;
  if (pid != 0) range.task.pid = pid;
  const bool given = is_cgroups || pid != 0;
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

Result<void> attach_one(Attacher& attacher, const Batch& batch, const plan::AttachPoint& point,
                        std::uint32_t pid) {
  auto link = link_iterator(batch, point, pid);
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

// The kernel limits an iterator to one process: several take a link each.
Result<void> attach_all(Attacher& attacher, const Batch& batch, const plan::AttachPoint& point) {
  const std::span<const std::uint32_t> pids = attacher.wanted_pids();
  if (range_of(point) != Range::Tasks || pids.empty()) return attach_one(attacher, batch, point, 0);
  if (!point.pin.empty() && pids.size() > 1)
    return fail("a pinned iterator goes through one process or all", 0, "give one -p");
  for (const std::uint32_t pid : pids) {
    if (auto attached = attach_one(attacher, batch, point, pid); !attached) return attached;
  }
  return {};
}

void attach_iterators(Attacher& attacher, const Batch& batch) {
  for (const plan::AttachPoint& point : batch.points) {
    if (const auto attached = attach_all(attacher, batch, point)) {
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
