#include "runtime/attach/perf_event.h"

#include <bpf/bpf.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file.h"
#include "base/text.h"

namespace sonde::runtime {

namespace {

Result<OwnedFd> open_event(perf_event_attr& attributes, int pid, int cpu) {
  attributes.size = sizeof attributes;
  // glibc has no wrapper.
  OwnedFd fd(static_cast<int>(
      ::syscall(SYS_perf_event_open, &attributes, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC)));
  if (!fd.valid()) return fail_errno("perf_event_open");
  return fd;
}

std::unexpected<Error> cannot_attach(int code) {
  return fail("attach the program to the perf event", code,
              code == E2BIG
                  ? "the kernel takes 64 programs for one event: join blocks of the same probe"
                  : "");
}

// `holder` is the event or its link.
Result<OwnedFd> enable(int event, OwnedFd holder) {
  if (::ioctl(event, PERF_EVENT_IOC_ENABLE, 0) != 0) return fail_errno("enable the perf event");
  return holder;
}

Result<OwnedFd> attach_directly(OwnedFd event, int program) {
  if (::ioctl(event.get(), PERF_EVENT_IOC_SET_BPF, program) != 0) return cannot_attach(errno);
  const int fd = event.get();
  return enable(fd, std::move(event));
}

// A link holds the event, so that its own descriptor is enough. Before 5.15, which has no such links (EINVAL), no program asks for
// its cookie.
Result<OwnedFd> attach_by_link(OwnedFd event, int program, std::uint64_t cookie) {
  LIBBPF_OPTS(bpf_link_create_opts, options);
  options.perf_event.bpf_cookie = cookie;
  OwnedFd link(::bpf_link_create(program, event.get(), BPF_PERF_EVENT, &options));
  if (link.valid()) return enable(event.get(), std::move(link));
  const int code = errno;
  return code == EINVAL ? attach_directly(std::move(event), program) : cannot_attach(code);
}

}  // namespace

Result<OwnedFd> open_perf_event(perf_event_attr& attributes, int pid, int cpu, int program,
                                std::uint64_t cookie) {
  auto event = open_event(attributes, pid, cpu);
  if (!event) return event;
  if (cookie != 0) return attach_by_link(std::move(*event), program, cookie);
  return attach_directly(std::move(*event), program);
}

Result<OwnedFd> open_counting_event(perf_event_attr& attributes, int pid, int cpu, int program,
                                    std::uint64_t cookie) {
  auto event = open_event(attributes, pid, cpu);
  if (!event) return event;
  return attach_by_link(std::move(*event), program, cookie);
}

void finish_point(Attacher& attacher, const plan::AttachPoint& point, Result<OwnedFd> fd,
                  std::string (*hint_for)(int code)) {
  if (fd) {
    attacher.attachments().add_slow(std::move(*fd));
    attacher.succeeded(point);
    return;
  }
  Error error = fd.error();
  if (error.hint.empty()) error.hint = hint_for(error.code);
  attacher.failed(point, std::move(error));
}

namespace {

// The first bit of a field of `config`: "config:0", "config:32-63".
std::optional<std::uint32_t> config_bit(const std::string& file) {
  const auto text = read_file(file);
  if (!text || !text->starts_with("config:")) return std::nullopt;
  const std::string_view bits = trim(std::string_view(*text).substr(text->find(':') + 1));
  const auto bit = parse_u64(bits.substr(0, bits.find('-')));
  if (!bit || *bit > 63) return std::nullopt;
  return static_cast<std::uint32_t>(*bit);
}

}  // namespace

Result<EventSource> event_source(const std::string& name) {
  const std::string folder = "/sys/bus/event_source/devices/" + name;
  const auto type = read_file(folder + "/type");
  if (!type) {
    return fail("this kernel has no " + name + "s", 0,
                "it was built without CONFIG_" +
                    std::string(name == "kprobe" ? "KPROBE" : "UPROBE") + "_EVENTS");
  }
  const auto number = parse_u64(trim(*type));
  if (!number) return fail("read " + folder);
  const auto bit = config_bit(folder + "/format/retprobe");
  if (!bit) return fail("read " + folder + "/format/retprobe");
  return EventSource{static_cast<std::uint32_t>(*number), std::uint64_t{1} << *bit,
                     config_bit(folder + "/format/ref_ctr_offset")};
}

namespace {

perf_event_attr counted_attributes(const plan::AttachPoint& point, std::uint32_t type) {
  perf_event_attr attributes{};
  attributes.type = type;
  attributes.config = point.event_id;
  if (point.frequency != 0) {
    attributes.freq = 1;
    attributes.sample_freq = point.frequency;
  } else {
    attributes.sample_period = std::max<std::uint64_t>(point.period, 1);
  }
  return attributes;
}

// On all of `cpus` or on none.
Result<void> attach_on(Attacher& attacher, const plan::AttachPoint& point, int program,
                       std::span<const std::uint32_t> cpus, std::uint32_t type) {
  std::vector<OwnedFd> opened;
  for (const std::uint32_t cpu : cpus) {
    perf_event_attr attributes = counted_attributes(point, type);
    auto fd = open_perf_event(attributes, -1, static_cast<int>(cpu), program);
    if (!fd) return std::unexpected(fd.error());
    opened.push_back(std::move(*fd));
  }
  for (OwnedFd& fd : opened) attacher.attachments().add_quick(std::move(fd));
  return {};
}

}  // namespace

void attach_counted_events(Attacher& attacher, const Batch& batch, const CountedEvents& events) {
  const auto online = attacher.online_cpus();
  for (const plan::AttachPoint& point : batch.points) {
    if (!online) {
      attacher.failed(point, online.error());
      continue;
    }
    const auto attached = attach_on(attacher, point, batch.fd,
                                    events.all_cpus ? *online : online->first(1), events.type);
    if (attached) {
      attacher.succeeded(point);
      continue;
    }
    Error error = attached.error();
    if (error.hint.empty() && events.hint_for != nullptr) error.hint = events.hint_for(error.code);
    attacher.failed(point, std::move(error));
  }
}

}  // namespace sonde::runtime
