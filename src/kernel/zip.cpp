#include "kernel/zip.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/fd.h"

namespace sonde::kernel {
namespace {

// APPNOTE.TXT of the ZIP format, sections 4.3.7, 4.3.12 and 4.3.16. Numbers are little-endian.
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::size_t kEndSize = 22;  // And a comment of up to 65,535 bytes.
constexpr std::uint32_t kEntrySignature = 0x02014b50;
constexpr std::size_t kEntrySize = 46;
constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::size_t kLocalSize = 30;
constexpr std::uint64_t kMaxMember = std::uint64_t{1} << 30;

// `count` bytes at `offset`; fewer at the end of the file.
std::string read_at(int fd, std::uint64_t offset, std::uint64_t count) {
  std::string bytes(count, '\0');
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got =
        ::pread(fd, bytes.data() + done, count - done, static_cast<off_t>(offset + done));
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

struct Directory {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// The end of the archive, which says where its directory is.
std::optional<Directory> find_directory(int fd, std::uint64_t file_size) {
  const std::uint64_t tail_size = std::min<std::uint64_t>(file_size, kEndSize + 65535);
  const std::string tail = read_at(fd, file_size - tail_size, tail_size);
  for (std::size_t at = tail.size() < kEndSize ? 0 : tail.size() - kEndSize + 1; at > 0; --at) {
    if (number(tail, at - 1, 4) != kEndSignature) continue;
    const Directory found{number(tail, at + 15, 4), number(tail, at + 11, 4)};
    if (found.offset > file_size || found.size > file_size - found.offset) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

struct Entry {
  std::uint64_t local_header = 0;
  std::uint64_t size = 0;
  bool is_compressed = false;
};

std::optional<Entry> find_entry(std::string_view directory, std::string_view member) {
  for (std::size_t at = 0; directory.size() - at >= kEntrySize;) {
    if (number(directory, at, 4) != kEntrySignature) return std::nullopt;
    const std::size_t name_size = number(directory, at + 28, 2);
    const std::size_t next =
        at + kEntrySize + name_size + number(directory, at + 30, 2) + number(directory, at + 32, 2);
    if (next > directory.size()) return std::nullopt;
    if (directory.substr(at + kEntrySize, name_size) == member) {
      const bool is_stored = number(directory, at + 10, 2) == 0;
      return Entry{number(directory, at + 42, 4), number(directory, at + 24, 4), !is_stored};
    }
    at = next;
  }
  return std::nullopt;
}

}  // namespace

Result<ZipMember> read_zip_member(const std::string& archive, std::string_view member) {
  const OwnedFd fd(::open(archive.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno("open " + archive);
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) return fail_errno("open " + archive);
  const auto directory = find_directory(fd.get(), static_cast<std::uint64_t>(info.st_size));
  if (!directory) return fail(fmt::format("read {}: not a ZIP archive", archive));
  const auto entry = find_entry(read_at(fd.get(), directory->offset, directory->size), member);
  if (!entry) return fail(fmt::format("read {}: it has no file {}", archive, member), ENOENT);
  if (entry->is_compressed || entry->size > kMaxMember) {
    return fail(fmt::format("read {}: {} is compressed", archive, member), 0,
                "only what lies in the archive as it is can be mapped as code");
  }
  const std::string header = read_at(fd.get(), entry->local_header, kLocalSize);
  if (header.size() < kLocalSize || number(header, 0, 4) != kLocalSignature)
    return fail(fmt::format("read {}: its directory is broken", archive));
  ZipMember found;
  found.offset = entry->local_header + kLocalSize + number(header, 26, 2) + number(header, 28, 2);
  const auto size = static_cast<std::uint64_t>(info.st_size);
  const bool fits = found.offset <= size && entry->size <= size - found.offset;
  if (fits) found.bytes = read_at(fd.get(), found.offset, entry->size);
  if (!fits || found.bytes.size() != entry->size)
    return fail(fmt::format("read {}: it ends within {}", archive, member));
  return found;
}

std::optional<std::pair<std::string, std::string>> split_archive_path(const std::string& path) {
  const std::size_t mark = path.find("!/");
  if (mark == std::string::npos || mark + 2 == path.size()) return std::nullopt;
  struct stat info{};
  if (::stat(path.c_str(), &info) == 0) return std::nullopt;
  std::string archive = path.substr(0, mark);
  if (::stat(archive.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return std::pair{std::move(archive), path.substr(mark + 2)};
}

std::string file_on_disk(const std::string& path) {
  auto parts = split_archive_path(path);
  return parts ? std::move(parts->first) : path;
}

}  // namespace sonde::kernel
