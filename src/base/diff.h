// Differences between two texts, for people and for patch(1).
#pragma once

#include <string>
#include <string_view>

namespace sonde {

// A unified diff with three lines of context, "--- NAME" and "+++ NAME" first; empty if the texts are equal. Texts that
// differ in thousands of lines are shown as replaced as a whole.
[[nodiscard]] std::string unified_diff(std::string_view before, std::string_view after,
                                       std::string_view name_before, std::string_view name_after);

}  // namespace sonde
