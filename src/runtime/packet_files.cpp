#include "runtime/packet_files.h"

#include <bpf/libbpf.h>
#include <fcntl.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <string_view>
#include <utility>

namespace sonde::runtime {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kLeastPages =
    32;  // Of each CPU: a packet of the largest size and its successor.

// Of the file and of each packet, in the byte order of the machine: the magic number tells which.
struct FileHeader {
  std::uint32_t magic = 0xa1b23c4d;  // Times in nanoseconds.
  std::uint16_t major = 2;
  std::uint16_t minor = 4;
  std::uint32_t zone = 0;
  std::uint32_t accuracy = 0;
  std::uint32_t most_bytes = 262144;  // What tcpdump writes; no packet is longer.
  std::uint32_t link_type = 101;      // LINKTYPE_RAW
};
struct PacketHeader {
  std::uint32_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  std::uint32_t captured = 0;
  std::uint32_t length = 0;
};

template <class T>
std::string_view bytes_of(const T& object) {
  return {reinterpret_cast<const char*>(&object), sizeof object};
}

}  // namespace

Result<std::unique_ptr<PacketBuffer>> PacketBuffer::open(int map_fd, std::size_t bytes,
                                                         std::size_t cpus, Take take) {
  const std::size_t pages =
      std::max(kLeastPages, std::bit_ceil(bytes / kPage / std::max<std::size_t>(cpus, 1)));
  std::unique_ptr<PacketBuffer> opened(new PacketBuffer(std::move(take)));
  // Lost ones are counted where they are sent: the helper says so.
  opened->buffer_ =
      ::perf_buffer__new(map_fd, pages, &PacketBuffer::on_sample, nullptr, opened.get(), nullptr);
  if (opened->buffer_ == nullptr) {
    return fail_errno("open the perf buffer of skboutput()",
                      "a smaller one is made with: config = { perf_rb_pages = 64 }");
  }
  return opened;
}

PacketBuffer::~PacketBuffer() { ::perf_buffer__free(buffer_); }

int PacketBuffer::fd() const { return ::perf_buffer__epoll_fd(buffer_); }

void PacketBuffer::drain() { ::perf_buffer__consume(buffer_); }

void PacketBuffer::on_sample(void* self, int, void* data, std::uint32_t size) {
  static_cast<PacketBuffer*>(self)->take_({static_cast<const std::byte*>(data), size});
}

Result<PacketFiles> PacketFiles::open(const plan::Manifest& manifest) {
  PacketFiles opened;
  for (const plan::Action& action : manifest.actions) {
    if (action.kind != plan::ActionKind::Packet) continue;
    const std::string& path = manifest.formats[static_cast<std::size_t>(action.format)].text;
    if (opened.files_.contains(path)) continue;
    OwnedFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!fd.valid()) return fail_errno("open " + path + " for skboutput()");
    auto writer = std::make_unique<output::Writer>(fd.get(), output::Buffering::Full);
    writer->write(bytes_of(FileHeader{}));
    opened.files_.emplace(path, File{std::move(fd), std::move(writer)});
  }
  return opened;
}

void PacketFiles::write(const std::string& path, std::uint64_t time, std::uint64_t length,
                        Record bytes) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const auto found = files_.find(path);
  if (found == files_.end()) return;
  const PacketHeader header{.seconds = static_cast<std::uint32_t>(time / kSecond),
                            .nanoseconds = static_cast<std::uint32_t>(time % kSecond),
                            .captured = static_cast<std::uint32_t>(bytes.size()),
                            .length = static_cast<std::uint32_t>(length)};
  found->second.writer->write(bytes_of(header));
  found->second.writer->write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void PacketFiles::flush() {
  for (auto& [path, file] : files_) file.writer->flush();
}

std::pair<int, std::string> PacketFiles::take_error() {
  for (auto& [path, file] : files_) {
    if (file.writer->error() != 0 && !std::exchange(file.is_reported, true))
      return {file.writer->error(), path};
  }
  return {};
}

}  // namespace sonde::runtime
