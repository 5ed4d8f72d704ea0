#include "kernel/debug_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <lzma.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "kernel/elf.h"
#include "kernel/root_path.h"

namespace sonde::kernel {
namespace {

constexpr std::string_view kDebugFolder = "/usr/lib/debug";

struct Candidates {
  std::vector<std::string> by_build_id;
  std::vector<std::string> by_link;
};

Candidates candidates(const ElfFile& file, const std::string& path) {
  Candidates found;
  const std::string_view root = mount_root(path);
  std::vector<std::string_view> roots{""};
  if (!root.empty()) roots.insert(roots.begin(), root);
  const std::string id = file.build_id();
  const auto link = file.debug_link();
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const bool has_link = link && !link->name.empty() && link->name.find('/') == std::string::npos;
  if (has_link) {
    for (const std::string_view below : {"", ".debug/"}) {
      std::string beside = fmt::format("{}{}{}", folder, below, link->name);
      if (beside != path) found.by_link.push_back(std::move(beside));
    }
  }
  for (const std::string_view one : roots) {
    const auto below = [&](const std::string& name) {
      return one.empty() ? name : path_in_root(std::string(one), name);
    };
    if (id.size() > 2) {
      found.by_build_id.push_back(below(
          fmt::format("{}/.build-id/{}/{}.debug", kDebugFolder, id.substr(0, 2), id.substr(2))));
    }
    if (has_link) {
      found.by_link.push_back(below(fmt::format(
          "{}{}{}", kDebugFolder, std::string_view(folder).substr(root.size()), link->name)));
    }
  }
  return found;
}

// The checksum that .gnu_debuglink gives: CRC-32 of the whole file.
std::optional<std::uint32_t> checksum(const std::string& path) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return std::nullopt;
  std::vector<unsigned char> buffer(std::size_t{1} << 18);
  uLong sum = ::crc32(0, nullptr, 0);
  for (;;) {
    const ssize_t bytes = ::read(fd.get(), buffer.data(), buffer.size());
    if (bytes < 0) return std::nullopt;
    if (bytes == 0) return static_cast<std::uint32_t>(sum);
    sum = ::crc32(sum, buffer.data(), static_cast<uInt>(bytes));
  }
}

// Files of a build id need no checksum, which takes a read of the whole file.
bool belongs(const ElfFile& file, const ElfFile& debug, const std::string& path) {
  const std::string id = file.build_id();
  const std::string debug_id = debug.build_id();
  if (!id.empty() && !debug_id.empty()) return id == debug_id;
  const auto link = file.debug_link();
  return link && checksum(path) == link->checksum;
}

std::optional<ElfFile> open_one(const ElfFile& file, const std::string& path) {
  if (!is_elf(path)) return std::nullopt;
  auto debug = ElfFile::open(path);
  if (!debug || !belongs(file, *debug, path)) return std::nullopt;
  return std::move(*debug);
}

}  // namespace

std::string_view mount_root(std::string_view path) {
  constexpr std::string_view kProc = "/proc/";
  constexpr std::string_view kRoot = "/root";
  if (!path.starts_with(kProc)) return {};
  std::size_t end = kProc.size();
  while (end < path.size() && std::isdigit(static_cast<unsigned char>(path[end])) != 0) ++end;
  const std::string_view rest = path.substr(end);
  if (end == kProc.size() || !rest.starts_with(kRoot)) return {};
  if (rest.size() > kRoot.size() && rest[kRoot.size()] != '/') return {};
  return path.substr(0, end + kRoot.size());
}

std::optional<ElfFile> find_debug_file(const ElfFile& file, const std::string& path) {
  const Candidates found = candidates(file, path);
  for (const auto* paths : {&found.by_build_id, &found.by_link}) {
    for (const std::string& candidate : *paths) {
      if (auto debug = open_one(file, candidate)) return debug;
    }
  }
  return std::nullopt;
}

std::optional<ElfFile> read_mini_debug_info(const ElfFile& file) {
  constexpr std::uint64_t kMaxMemory = std::uint64_t{64} << 20;
  constexpr std::size_t kMaxBytes = std::size_t{256} << 20;
  const std::string_view packed = file.section(".gnu_debugdata");
  if (packed.empty()) return std::nullopt;
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_stream_decoder(&stream, kMaxMemory, 0) != LZMA_OK) return std::nullopt;
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  std::string bytes;
  lzma_ret state = LZMA_OK;
  while (state == LZMA_OK && bytes.size() < kMaxBytes) {
    const std::size_t done = bytes.size();
    bytes.resize(std::max<std::size_t>(done * 2, 1U << 16));
    stream.next_out = reinterpret_cast<std::uint8_t*>(bytes.data()) + done;
    stream.avail_out = bytes.size() - done;
    state = lzma_code(&stream, LZMA_FINISH);
    bytes.resize(bytes.size() - stream.avail_out);
  }
  lzma_end(&stream);
  if (state != LZMA_STREAM_END) return std::nullopt;
  auto symbols = ElfFile::from_bytes(std::move(bytes));
  if (!symbols) return std::nullopt;
  return std::move(*symbols);
}

}  // namespace sonde::kernel
