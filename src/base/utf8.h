// UTF-8 as bytes: what is valid, what it shows.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sonde {

// Length of the valid UTF-8 sequence at the start of `text`, 0 if there is none: no overlong forms, no surrogates, nothing
// above U+10FFFF (Unicode 15, table 3-7).
[[nodiscard]] std::size_t utf8_length(std::string_view text);

// The character that such a sequence encodes.
[[nodiscard]] char32_t utf8_decode(std::string_view sequence);

// Appends a character up to U+10FFFF.
void append_utf8(std::string& out, char32_t character);

// Columns of a terminal that `text` takes: two for wide characters of East Asia and emoji, none for marks that are put on the
// one before, one for everything else and for each byte that is not part of valid UTF-8.
[[nodiscard]] std::size_t display_width(std::string_view text);

// At most `bytes` bytes of `text`, without a character that would be cut apart.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

}  // namespace sonde
