#include "runtime/symbols/process_events.h"

#include <fmt/format.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "runtime/cpus.h"

namespace sonde::runtime {
namespace {

constexpr std::size_t kDataBytes = std::size_t{1} << 16;  // Of each CPU: some 400 mappings.
constexpr std::uint16_t kCommExec = 1U << 13;             // PERF_RECORD_MISC_COMM_EXEC
constexpr std::uint16_t kHasBuildId = 1U << 14;           // PERF_RECORD_MISC_MMAP_BUILD_ID, 5.12

std::size_t page_bytes() {
  static const auto bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

perf_event_attr attributes(bool build_ids) {
  perf_event_attr attr{};
  attr.size = sizeof attr;
  attr.type = PERF_TYPE_SOFTWARE;
  attr.config = PERF_COUNT_SW_DUMMY;
  attr.sample_type = PERF_SAMPLE_TIME;
  attr.sample_id_all = 1;
  attr.mmap = 1;
  attr.mmap2 = 1;
  attr.comm = 1;
  attr.comm_exec = 1;
  attr.task = 1;
  attr.exclude_kernel = 1;
  attr.use_clockid = 1;
  attr.clockid = CLOCK_BOOTTIME;
  // Every record wakes the reader, who opens the file while the process is there: it may be gone after that.
  attr.watermark = 1;
  attr.wakeup_watermark = 1;
  attr.build_id = build_ids ? 1 : 0;
  return attr;
}

int open_event(perf_event_attr& attr, std::uint32_t cpu) {
  return static_cast<int>(
      ::syscall(SYS_perf_event_open, &attr, -1, static_cast<int>(cpu), -1, PERF_FLAG_FD_CLOEXEC));
}

// Fields of a record, one after the other; zeros where it is too short.
class Fields {
 public:
  explicit Fields(const std::vector<std::byte>& record) : record_(record) {}
  template <class T>
  T take() {
    T value{};
    if (at_ + sizeof value <= record_.size())
      std::memcpy(&value, record_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  // Up to the NUL, which every name has.
  [[nodiscard]] std::string text() const {
    if (at_ >= record_.size()) return {};
    const auto* begin = reinterpret_cast<const char*>(record_.data()) + at_;
    return {begin, ::strnlen(begin, record_.size() - at_)};
  }
  // The last 8 bytes of each record: sample_id_all.
  [[nodiscard]] std::uint64_t time() const {
    std::uint64_t value = 0;
    if (record_.size() >= sizeof value)
      std::memcpy(&value, record_.data() + record_.size() - sizeof value, sizeof value);
    return value;
  }

 private:
  const std::vector<std::byte>& record_;
  std::size_t at_ = sizeof(perf_event_header);
};

// "//anon" is memory without a file; "/memfd:x (deleted)" and the like are as /proc/PID/maps has them.
void set_path(kernel::ProcessMapping& mapping, std::string path) {
  constexpr std::string_view kDeleted = " (deleted)";
  if (path == "//anon") path.clear();
  mapping.is_deleted = path.ends_with(kDeleted);
  if (mapping.is_deleted) path.resize(path.size() - kDeleted.size());
  mapping.path = std::move(path);
}

ProcessEvent read_mapping(Fields fields, std::uint16_t misc) {
  ProcessEvent event;
  event.time = fields.time();
  event.pid = static_cast<pid_t>(fields.take<std::uint32_t>());
  fields.take<std::uint32_t>();  // Thread.
  kernel::ProcessMapping& mapping = event.mapping;
  mapping.start = fields.take<std::uint64_t>();
  mapping.end = mapping.start + fields.take<std::uint64_t>();
  mapping.offset = fields.take<std::uint64_t>();
  if ((misc & kHasBuildId) != 0) {
    const auto size = std::min<std::size_t>(fields.take<std::uint8_t>(), 20);
    fields.take<std::uint8_t>();
    fields.take<std::uint16_t>();
    for (std::size_t i = 0; i < 20; ++i) {
      const auto byte = fields.take<std::uint8_t>();
      if (i < size) event.build_id += fmt::format("{:02x}", byte);
    }
  } else {
    const auto major = fields.take<std::uint32_t>();
    const auto minor = fields.take<std::uint32_t>();
    mapping.device = ::makedev(major, minor);
    mapping.inode = fields.take<std::uint64_t>();
    fields.take<std::uint64_t>();  // Generation of the inode.
  }
  fields.take<std::uint64_t>();  // Protection and flags.
  set_path(mapping, fields.text());
  return event;
}

std::optional<ProcessEvent> read_record(const std::vector<std::byte>& record) {
  perf_event_header header;
  std::memcpy(&header, record.data(), sizeof header);
  Fields fields(record);
  ProcessEvent event;
  event.time = fields.time();
  switch (header.type) {
    case PERF_RECORD_MMAP2: return read_mapping(fields, header.misc);
    case PERF_RECORD_COMM:
      if ((header.misc & kCommExec) == 0) return std::nullopt;
      event.kind = ProcessEvent::Kind::Exec;
      event.pid = static_cast<pid_t>(fields.take<std::uint32_t>());
      return event;
    case PERF_RECORD_FORK:
      event.kind = ProcessEvent::Kind::Fork;
      event.pid = static_cast<pid_t>(fields.take<std::uint32_t>());
      event.parent = static_cast<pid_t>(fields.take<std::uint32_t>());
      // A new thread has the address space of its process.
      if (event.pid == event.parent) return std::nullopt;
      return event;
    default: return std::nullopt;
  }
}

}  // namespace

Result<ProcessEvents> ProcessEvents::open() {
  const auto cpus = online_cpus();
  if (!cpus) return std::unexpected(cpus.error());
  ProcessEvents events;
  perf_event_attr attr = attributes(true);
  for (const std::uint32_t cpu : *cpus) {
    OwnedFd fd(open_event(attr, cpu));
    if (!fd.valid() && errno == EINVAL && events.rings_.empty()) {
      attr = attributes(false);
      fd.reset(open_event(attr, cpu));
    }
    if (!fd.valid() && errno == ENODEV) continue;  // The CPU has gone since.
    if (!fd.valid()) return fail_errno("open an event for processes' mappings");
    void* mapped =
        ::mmap(nullptr, page_bytes() + kDataBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (mapped == MAP_FAILED) return fail_errno("map the ring of processes' mappings");
    events.rings_.push_back({std::move(fd), static_cast<std::byte*>(mapped)});
  }
  return events;
}

ProcessEvents::~ProcessEvents() {
  for (const Ring& ring : rings_) ::munmap(ring.mapped, page_bytes() + kDataBytes);
}

std::vector<int> ProcessEvents::descriptors() const {
  std::vector<int> all;
  for (const Ring& ring : rings_) all.push_back(ring.fd.get());
  return all;
}

void ProcessEvents::drain(const std::function<void(const ProcessEvent&)>& take) {
  std::vector<std::byte> record;
  for (const Ring& ring : rings_) drain(ring, record, take);
}

// The protocol: linux/perf_event.h, data_head and data_tail.
void ProcessEvents::drain(const Ring& ring, std::vector<std::byte>& record,
                          const std::function<void(const ProcessEvent&)>& take) {
  auto* page = reinterpret_cast<perf_event_mmap_page*>(ring.mapped);
  const std::byte* data = ring.mapped + page_bytes();
  const std::uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
  std::uint64_t tail = page->data_tail;
  const auto copy = [&](std::uint64_t from, std::byte* to, std::size_t size) {
    const std::size_t begin = from % kDataBytes;
    const std::size_t first = std::min(size, kDataBytes - begin);
    std::memcpy(to, data + begin, first);
    std::memcpy(to + first, data, size - first);
  };
  while (tail < head) {
    perf_event_header header;
    copy(tail, reinterpret_cast<std::byte*>(&header), sizeof header);
    if (header.size < sizeof header || header.size > head - tail) break;
    record.resize(header.size);
    copy(tail, record.data(), header.size);
    if (const auto event = read_record(record)) take(*event);
    tail += header.size;
  }
  __atomic_store_n(&page->data_tail, head, __ATOMIC_RELEASE);
}

}  // namespace sonde::runtime
