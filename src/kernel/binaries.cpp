#include "kernel/binaries.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/file.h"
#include "base/text.h"
#include "kernel/elf.h"
#include "kernel/zip.h"

namespace sonde::kernel {
namespace {

#if defined(__x86_64__)
constexpr std::string_view kTriplet = "x86_64-linux-gnu";
constexpr std::uint32_t kCacheFlags = 0x0303;  // glibc's FLAG_ELF_LIBC6 | FLAG_X8664_LIB64
#elif defined(__aarch64__)
constexpr std::string_view kTriplet = "aarch64-linux-gnu";
constexpr std::uint32_t kCacheFlags = 0x0a03;  // FLAG_ELF_LIBC6 | FLAG_AARCH64_LIB64
#else
#error "this architecture has no row here"
#endif

bool is_program(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : std::string_view{};
}

// "/bin/./prog" and "/bin//prog" are "/bin/prog". Not so "..", which may stand behind a symbolic link.
std::string without_dots(std::string_view path) {
  std::string out;
  for (const std::string_view part : split(path, '/')) {
    if (!part.empty() && part != ".") out += fmt::format("/{}", part);
  }
  return out.empty() ? "/" : out;
}

Result<std::string> find_path(std::string_view name) {
  std::string path(name);
  if (!path.starts_with('/')) {
    char* folder = ::getcwd(nullptr, 0);
    if (folder == nullptr) return fail_errno("read the current folder");
    path = fmt::format("{}/{}", folder, name);
    std::free(folder);
  }
  path = without_dots(path);
  struct stat info{};
  if (split_archive_path(path)) return path;
  if (::stat(path.c_str(), &info) != 0) return fail_errno("open " + path);
  if (!S_ISREG(info.st_mode)) return fail("open " + path + ": not a regular file");
  return path;
}

std::optional<std::string> find_program(std::string_view name) {
  for (const std::string_view folder : split(environment("PATH"), ':')) {
    const std::string path = fmt::format("{}/{}", folder.empty() ? "." : folder, name);
    if (is_program(path)) {
      if (auto absolute = find_path(path)) return *absolute;
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_library_in(std::string_view folder, std::string_view name) {
  const std::string path(folder);
  DIR* open = ::opendir(path.c_str());
  if (open == nullptr) return std::nullopt;
  // Of several versions the shortest name: "libc.so.6" rather than "libc.so.6.1", and always the same one.
  std::optional<std::string> best;
  while (const dirent* file = ::readdir(open)) {
    if (!is_library_name(file->d_name, name)) continue;
    std::string candidate = fmt::format("{}/{}", folder, file->d_name);
    if (!is_elf(candidate)) continue;
    const auto order = [](const std::string& text) { return std::pair(text.size(), text); };
    if (!best || order(candidate) < order(*best)) best = std::move(candidate);
  }
  ::closedir(open);
  return best;
}

std::optional<std::string> find_library(std::string_view name) {
  for (const std::string_view folder : split(environment("LD_LIBRARY_PATH"), ':')) {
    if (folder.empty()) continue;
    if (auto path = find_library_in(folder, name)) return path;
  }
  if (const auto cache = read_file("/etc/ld.so.cache")) {
    if (auto path = find_in_loader_cache(*cache, name)) {
      if (is_elf(*path)) return path;
    }
  }
  for (const std::string& folder :
       {fmt::format("/lib/{}", kTriplet), fmt::format("/usr/lib/{}", kTriplet),
        std::string("/lib64"), std::string("/usr/lib64"), std::string("/lib"),
        std::string("/usr/lib"), std::string("/usr/local/lib")}) {
    if (auto path = find_library_in(folder, name)) return path;
  }
  return std::nullopt;
}

}  // namespace

bool is_library_name(std::string_view file, std::string_view name) {
  if (file == name) return file.find(".so") != std::string_view::npos;
  if (file.starts_with("lib") && !name.starts_with("lib")) file.remove_prefix(3);
  if (!file.starts_with(name)) return false;
  file.remove_prefix(name.size());
  if (name.ends_with(".so")) return file.empty() || file.starts_with('.');
  return file == ".so" || file.starts_with(".so.");
}

// Layout: glibc's sysdeps/generic/dl-cache.h, the format "glibc-ld.so.cache1.1" that all versions since 2.2 write,
// alone (2.32 and later) or behind a table in the old format.
std::optional<std::string> find_in_loader_cache(std::string_view cache, std::string_view name) {
  constexpr std::string_view kMagic = "glibc-ld.so.cache1.1";
  constexpr std::size_t kHeaderSize = 48;
  struct Entry {
    std::int32_t flags;
    std::uint32_t key, value;  // Offsets of strings from the start of the header.
    std::uint32_t os_version;
    std::uint64_t hardware;
  };
  static_assert(sizeof(Entry) == 24);
  const std::size_t start = cache.find(kMagic);
  if (start == std::string_view::npos || cache.size() - start < kHeaderSize) return std::nullopt;
  cache.remove_prefix(start);
  std::uint32_t count = 0;
  std::memcpy(&count, cache.data() + kMagic.size(), sizeof count);
  const auto text = [&](std::uint32_t offset) {
    if (offset >= cache.size()) return std::string_view{};
    const std::string_view rest = cache.substr(offset);
    return rest.substr(0, rest.find('\0'));
  };
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t at = kHeaderSize + std::size_t{i} * sizeof(Entry);
    if (at + sizeof(Entry) > cache.size()) return std::nullopt;
    Entry entry;
    std::memcpy(&entry, cache.data() + at, sizeof entry);
    // `hardware` names copies for certain processors; the plain one serves all.
    if (static_cast<std::uint32_t>(entry.flags) != kCacheFlags || entry.hardware != 0) continue;
    if (is_library_name(text(entry.key), name)) return std::string(text(entry.value));
  }
  return std::nullopt;
}

Result<std::string> find_binary(std::string_view name) {
  if (name.empty()) return fail("find a program or library without a name");
  if (name.find('/') != std::string_view::npos) return find_path(name);
  if (auto path = find_program(name)) return *path;
  if (auto path = find_library(name)) return *path;
  return fail(fmt::format("find program or library {}", name), ENOENT,
              "give the path, or a name that is in PATH or in the loader's folders");
}

}  // namespace sonde::kernel
