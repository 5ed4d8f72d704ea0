// Files that lie uncompressed in an archive: loaders of some systems map libraries from there, and a probe can be put on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace sonde::kernel {

struct ZipMember {
  std::uint64_t offset = 0;  // Of its first byte, in the archive.
  std::string bytes;
};

// Fails if the file is no ZIP archive, has no such member, or has it compressed.
[[nodiscard]] Result<ZipMember> read_zip_member(const std::string& archive,
                                                std::string_view member);

// "app.zip!/lib/libx.so" -> "app.zip" and "lib/libx.so", if the archive exists and a file of the whole name does not.
[[nodiscard]] std::optional<std::pair<std::string, std::string>> split_archive_path(
    const std::string& path);

// What the kernel opens for `path`: the archive, or the file itself.
[[nodiscard]] std::string file_on_disk(const std::string& path);

}  // namespace sonde::kernel
