#include "output/escape.h"

#include <algorithm>

#include "base/utf8.h"
#include "output/text.h"

namespace sonde::output {
namespace {

bool is_plain(char c) { return (c >= 0x20 && c <= 0x7e) || c == '\n' || c == '\t'; }

// Of a valid sequence of several bytes.
bool is_harmless(std::string_view sequence) {
  const char32_t character = utf8_decode(sequence);
  const bool is_control = character <= 0x9f;
  const bool turns_direction =
      (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069);
  return !is_control && !turns_direction;
}

}  // namespace

std::string escaped(std::string_view text) {
  if (std::ranges::all_of(text, is_plain)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view next = text.substr(0, std::max<std::size_t>(length, 1));
    const bool is_shown = length > 1 ? is_harmless(next) : is_plain(next.front());
    if (is_shown) {
      out += next;
    } else {
      append_bytes(out, next, ByteStyle::Hex);
    }
    text.remove_prefix(next.size());
  }
  return out;
}

}  // namespace sonde::output
