// What was taken out of a program and where it went: separate debug files, and the small symbol table that distributions
// leave in the file, compressed. Internal to src/kernel.
#pragma once

#include <optional>
#include <string>

#include "kernel/elf_file.h"

namespace sonde::kernel {

// The debug file of `file`, which was opened as `path`: by its build id or .gnu_debuglink, in /usr/lib/debug, beside the file and in
// the folder .debug beside it. One that belongs to another build is passed over. For a file below /proc/PID/root, which is how
// the files of another mount namespace are reached, that namespace is asked first, then this one.
[[nodiscard]] std::optional<ElfFile> find_debug_file(const ElfFile& file, const std::string& path);

// The symbol table in .gnu_debugdata (xz); nullopt if there is none that can be read.
[[nodiscard]] std::optional<ElfFile> read_mini_debug_info(const ElfFile& file);

// "/proc/12/root" of "/proc/12/root/usr/bin/x"; "" for other paths.
[[nodiscard]] std::string_view mount_root(std::string_view path);

}  // namespace sonde::kernel
