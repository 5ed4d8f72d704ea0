// Programs and libraries by name, as the shell and the dynamic loader find them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sonde::kernel {

// As View::find_binary(): a path (with '/') made absolute, a program by PATH, a library by LD_LIBRARY_PATH,
// /etc/ld.so.cache and the usual folders ("libc", "c" and "libc.so.6" are the same).
[[nodiscard]] Result<std::string> find_binary(std::string_view name);

// Path of the first library in the bytes of a ld.so.cache whose file name satisfies the same rule as find_binary()'s
// and that is of this machine's architecture; the cache lists newer versions first. nullopt if there is none.
[[nodiscard]] std::optional<std::string> find_in_loader_cache(std::string_view cache,
                                                              std::string_view name);

// True if a library file of that name is what `name` asks for: "libc.so.6" for "libc.so.6", "libc" and "c".
[[nodiscard]] bool is_library_name(std::string_view file, std::string_view name);

}  // namespace sonde::kernel
