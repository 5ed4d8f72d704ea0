// Text that must not speak to a terminal.
#pragma once

#include <string>
#include <string_view>

namespace sonde::output {

// `text` with \xNN in place of each byte that a terminal would obey or cannot show: control characters but newline and tab,
// those of U+0080 to U+009F, characters that turn the direction of text, and what is not valid UTF-8.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace sonde::output
