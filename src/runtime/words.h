// A command line -> words, as a shell without expansions would split it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sonde::runtime {

// Spaces separate; '...' and "..." group, a backslash takes the next character as it is (not inside '...').
// Fails for a quote without end and for a command without words.
[[nodiscard]] Result<std::vector<std::string>> split_words(std::string_view command);

}  // namespace sonde::runtime
