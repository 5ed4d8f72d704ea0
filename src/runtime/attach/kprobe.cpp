// kprobe and kretprobe: many functions with one link (5.18; both ends by one program 6.10), or each by the kernel's "kprobe"
// event source (4.17).
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <utility>

#include "kernel/kallsyms.h"
#include "plan/both_ends.h"
#include "runtime/attach/perf_event.h"

namespace sonde::runtime {
namespace {

std::string hint_for(int code) {
  switch (code) {
    case ENOENT:
    case EADDRNOTAVAIL:
      return "the kernel has no such function, or it was inlined or may not be traced";
    case EINVAL:
      return "the kernel does not allow a probe here (blacklisted, or not the start of an "
             "instruction)";
    case EPERM:
    case EACCES: return "kernel lockdown or missing privilege";
    default: return {};
  }
}

// Addresses of functions of modules, which may have functions of one name: the first of that name in its module, 0 if kallsyms
// hides it.
std::vector<__u64> module_addresses(const Batch& batch) {
  std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> known;
  for (const plan::AttachPoint& point : batch.points) known[{point.target, point.symbol}] = 0;
  const auto scanned = kernel::scan_kallsyms([&](const kernel::KernelSymbolLine& line) {
    if (line.module.empty() || !line.is_code()) return false;
    const auto wanted = known.find({line.module, line.name});
    if (wanted != known.end() && wanted->second == 0) wanted->second = line.address;
    return false;
  });
  std::vector<__u64> addresses;
  for (const plan::AttachPoint& point : batch.points)
    addresses.push_back(scanned ? known[{point.target, point.symbol}] : 0);
  return addresses;
}

// All of the batch's points at once: the kernel looks up names itself, before 6.2 those of the kernel only.
Result<OwnedFd> link_multi(const Attacher&, const Batch& batch) {
  std::vector<const char*> names;
  std::vector<__u64> cookies;
  for (const plan::AttachPoint& point : batch.points) {
    names.push_back(point.symbol.c_str());
    cookies.push_back(batch.cookie(point));
  }
  const bool at_both_ends = plan::runs_at_both_ends(batch.program);
  bpf_attr attributes;
  std::memset(&attributes, 0, sizeof attributes);
  auto& link = attributes.link_create;
  link.prog_fd = static_cast<__u32>(batch.fd);
  link.attach_type = at_both_ends ? plan::kKprobeSession : __u32{BPF_TRACE_KPROBE_MULTI};
  link.kprobe_multi.cnt = static_cast<__u32>(names.size());
  std::vector<__u64> addresses;
  if (plan::in_module(batch.points.front())) addresses = module_addresses(batch);
  if (!addresses.empty() && std::ranges::find(addresses, 0U) == addresses.end()) {
    link.kprobe_multi.addrs = reinterpret_cast<std::uintptr_t>(addresses.data());
  } else {
    link.kprobe_multi.syms = reinterpret_cast<std::uintptr_t>(names.data());
  }
  link.kprobe_multi.cookies = reinterpret_cast<std::uintptr_t>(cookies.data());
  if (batch.program.is_return && !at_both_ends) link.kprobe_multi.flags = BPF_F_KPROBE_MULTI_RETURN;
  OwnedFd fd(static_cast<int>(::syscall(SYS_bpf, BPF_LINK_CREATE, &attributes, sizeof attributes)));
  if (fd.valid()) return fd;
  const int code = errno;
  return fail("attach to kernel functions", code, hint_for(code));
}

}  // namespace

void attach_KprobeMulti(Attacher& attacher, const Batch& batch) {
  attach_together(attacher, batch, link_multi);
}

void attach_Kprobe(Attacher& attacher, const Batch& batch) {
  const auto source = event_source("kprobe");
  const auto online = attacher.online_cpus();
  for (const plan::AttachPoint& point : batch.points) {
    if (!source || !online) {
      attacher.failed(point, source ? online.error() : source.error());
      continue;
    }
    const std::string function =
        plan::in_module(point) ? point.target + ":" + point.symbol : point.symbol;
    perf_event_attr attributes{};
    attributes.type = source->type;
    attributes.config = batch.program.is_return ? source->return_bit : 0;
    // A function and an offset in it, or none and an address.
    attributes.config1 =
        point.address != 0 ? 0 : reinterpret_cast<std::uintptr_t>(function.c_str());
    attributes.config2 = point.address != 0 ? point.address : point.offset;
    // A keeper sees the calls of its return's program, which counts them.
    const auto open = batch.program.is_keeper ? open_perf_event : open_counting_event;
    auto fd =
        open(attributes, -1, static_cast<int>(online->front()), batch.fd, batch.cookie(point));
    // The kernel has decoded the function up to there.
    if (!fd && fd.error().code == EILSEQ)
      fd = fail("it is inside of an instruction, not at the start of one");
    finish_point(attacher, point, std::move(fd), hint_for);
  }
}

}  // namespace sonde::runtime
