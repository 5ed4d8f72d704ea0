// uprobe, uretprobe and usdt: all places of a binary with one multi-uprobe link (6.6), or one perf event for each.
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kernel/zip.h"
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
    case EINVAL:
      return "the place is not the start of an instruction, or the file is no program, or another "
             "tracer uses the place "
             "without its semaphore";
    case EILSEQ: return "the instruction there cannot be replaced";
    case EOPNOTSUPP:
    case kKernelNotSupported:
      return "the kernel cannot place a probe on this instruction or in this file system";
    default: return {};
  }
}

// All of the batch's points, which lie in one file.
Result<OwnedFd> link_multi(const Attacher& attacher, const Batch& batch) {
  const std::string path = kernel::file_on_disk(batch.points.front().target);
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint64_t> semaphores;
  std::vector<std::uint64_t> cookies;
  for (const plan::AttachPoint& point : batch.points) {
    offsets.push_back(point.offset);
    semaphores.push_back(point.semaphore);
    cookies.push_back(batch.cookie(point));
  }
  UprobeMultiLink link;
  std::memset(&link, 0, sizeof link);  // The kernel checks that what it does not know is zero.
  link.program = static_cast<std::uint32_t>(batch.fd);
  link.attach_type = kTraceUprobeMulti;
  link.path = reinterpret_cast<std::uintptr_t>(path.c_str());
  link.offsets = reinterpret_cast<std::uintptr_t>(offsets.data());
  link.reference_counters = reinterpret_cast<std::uintptr_t>(semaphores.data());
  link.cookies = reinterpret_cast<std::uintptr_t>(cookies.data());
  link.count = static_cast<std::uint32_t>(offsets.size());
  link.multi_flags = batch.program.is_return ? kMultiReturn : 0;
  link.pid = attacher.pid();
  OwnedFd fd(static_cast<int>(::syscall(SYS_bpf, BPF_LINK_CREATE, &link, sizeof link)));
  if (fd.valid()) return fd;
  const int code = errno;
  return fail("attach to " + path, code, hint_for(code));
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
    if (point.semaphore != 0) {
      if (!source->counter_shift) {
        attacher.failed(point,
                        Error{"this kernel cannot count who traces a place (Linux 4.20)", 0, {}});
        continue;
      }
      attributes.config |= point.semaphore << *source->counter_shift;
    }
    const std::string path = kernel::file_on_disk(point.target);
    attributes.config1 = reinterpret_cast<std::uintptr_t>(path.c_str());
    attributes.config2 = point.offset;
    auto fd = open_perf_event(attributes, all ? -1 : static_cast<int>(attacher.pid()),
                              all ? static_cast<int>(online->front()) : -1, batch.fd,
                              batch.cookie(point));
    finish_point(attacher, point, std::move(fd), hint_for);
  }
}

void attach_UprobeMulti(Attacher& attacher, const Batch& batch) {
  for (std::size_t begin = 0; begin < batch.points.size();) {
    std::size_t end = begin + 1;
    while (end < batch.points.size() && batch.points[end].target == batch.points[begin].target)
      ++end;
    attach_together(attacher, {batch.program, batch.fd, batch.points.subspan(begin, end - begin)},
                    link_multi);
    begin = end;
  }
}

}  // namespace sonde::runtime
