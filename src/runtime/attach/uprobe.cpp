// uprobe and uretprobe: all places of a binary with one multi-uprobe link (6.6), or one perf event for each.
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/attach/perf_event.h"

namespace sonde::runtime {
namespace {

// BPF_LINK_CREATE's attributes for BPF_TRACE_UPROBE_MULTI, from linux/bpf.h of kernel 6.6; libbpf 1.1.2 has none.
constexpr std::uint32_t kTraceUprobeMulti = 48;
constexpr std::uint32_t kMultiReturn = 1;
constexpr int kKernelNotSupported = 524;  // ENOTSUPP, which user space headers do not have.
struct UprobeMultiLink {
  std::uint32_t program;
  std::uint32_t target;  // Unused.
  std::uint32_t attach_type;
  std::uint32_t flags;  // Of BPF_LINK_CREATE: none.
  std::uint64_t path;
  std::uint64_t offsets;
  std::uint64_t reference_counters;
  std::uint64_t cookies;
  std::uint32_t count;
  std::uint32_t multi_flags;
  std::uint32_t pid;
};

std::string hint_for(int code) {
  switch (code) {
    case ESRCH: return "there is no process with this id";
    case ENOENT: return "there is no such file";
    case EINVAL: return "the place is not the start of an instruction, or the file is no program";
    case EILSEQ: return "the instruction there cannot be replaced";
    case EOPNOTSUPP:
    case kKernelNotSupported:
      return "the kernel cannot place a probe on this instruction or in this file system";
    default: return {};
  }
}

Result<OwnedFd> link_multi(const Batch& batch, const std::string& path,
                           const std::vector<std::uint64_t>& offsets, std::uint32_t pid) {
  UprobeMultiLink link;
  std::memset(&link, 0, sizeof link);  // The kernel checks that what it does not know is zero.
  link.program = static_cast<std::uint32_t>(batch.fd);
  link.attach_type = kTraceUprobeMulti;
  link.path = reinterpret_cast<std::uintptr_t>(path.c_str());
  link.offsets = reinterpret_cast<std::uintptr_t>(offsets.data());
  link.count = static_cast<std::uint32_t>(offsets.size());
  link.multi_flags = batch.program.is_return ? kMultiReturn : 0;
  link.pid = pid;
  OwnedFd fd(static_cast<int>(::syscall(SYS_bpf, BPF_LINK_CREATE, &link, sizeof link)));
  if (fd.valid()) return fd;
  const int code = errno;
  return fail("attach to " + path, code, hint_for(code));
}

// The run of points in the same binary: one link, or after an error one for each, so that the bad ones can be named.
void attach_multi(Attacher& attacher, const Batch& batch) {
  std::vector<std::uint64_t> offsets;
  for (const plan::AttachPoint& point : batch.points) offsets.push_back(point.offset);
  auto fd = link_multi(batch, batch.points.front().target, offsets, attacher.pid());
  if (fd) {
    attacher.attachments().add_slow(std::move(*fd));
    for (const plan::AttachPoint& point : batch.points) attacher.succeeded(point);
  } else if (batch.points.size() == 1) {
    attacher.failed(batch.points.front(), fd.error());
  } else {
    for (std::size_t i = 0; i < batch.points.size(); ++i) {
      attach_multi(attacher, {batch.program, batch.fd, batch.points.subspan(i, 1)});
    }
  }
}

}  // namespace

void attach_Uprobe(Attacher& attacher, const Batch& batch) {
  const auto source = event_source("uprobe");
  const auto online = attacher.online_cpus();
  const bool all = attacher.pid() == 0;
  for (const plan::AttachPoint& point : batch.points) {
    if (!source || !online) {
      attacher.failed(point, source ? online.error() : source.error());
      continue;
    }
    perf_event_attr attributes{};
    attributes.type = source->type;
    attributes.config = batch.program.is_return ? source->return_bit : 0;
    attributes.config1 = reinterpret_cast<std::uintptr_t>(point.target.c_str());
    attributes.config2 = point.offset;
    auto fd = open_perf_event(attributes, all ? -1 : static_cast<int>(attacher.pid()),
                              all ? static_cast<int>(online->front()) : -1, batch.fd);
    finish_point(attacher, point, std::move(fd), hint_for);
  }
}

void attach_UprobeMulti(Attacher& attacher, const Batch& batch) {
  for (std::size_t begin = 0; begin < batch.points.size();) {
    std::size_t end = begin + 1;
    while (end < batch.points.size() && batch.points[end].target == batch.points[begin].target)
      ++end;
    attach_multi(attacher, {batch.program, batch.fd, batch.points.subspan(begin, end - begin)});
    begin = end;
  }
}

}  // namespace sonde::runtime
