// Shell-like patterns as attach points use them: `*` any run, `?` one character, `[a-z]` and `[!a-z]` sets.
#pragma once

#include <string_view>

namespace sonde {

// True if `pattern` holds a character that makes it more than a literal.
[[nodiscard]] bool is_glob(std::string_view pattern);

// True if the whole of `text` matches. A '[' without its ']' stands for itself. Linear in practice, never exponential.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace sonde
