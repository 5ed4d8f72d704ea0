#include "base/utf8.h"

#include <algorithm>
#include <iterator>

namespace sonde {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// In order. Width 2, as C++23's [format.string.std] has it; fmt's own estimate does the same but knows no marks.
constexpr Range kWide[] = {
    {0x1100, 0x115f},   {0x2329, 0x232a},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff},
    {0x20000, 0x2fffd}, {0x30000, 0x3fffd},
};
// Width 0: the blocks of combining marks, joiners, directional marks and variation selectors.
constexpr Range kMarks[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f},
    {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
};

template <std::size_t N>
bool is_in(const Range (&ranges)[N], char32_t character) {
  const auto* range = std::ranges::lower_bound(ranges, character, {}, &Range::last);
  return range != std::end(ranges) && range->first <= character;
}

bool in_range(unsigned char byte, unsigned char low, unsigned char high) {
  return low <= byte && byte <= high;
}

bool is_continuation(char c) { return in_range(static_cast<unsigned char>(c), 0x80, 0xbf); }

}  // namespace

std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const auto follows = [&](std::size_t i) { return in_range(at(i), 0x80, 0xbf); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return text.empty() ? 0 : 1;
  if (in_range(lead, 0xc2, 0xdf)) return follows(1) ? 2 : 0;
  if (in_range(lead, 0xe0, 0xef)) {
    const bool second = in_range(at(1), lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf);
    return second && follows(2) ? 3 : 0;
  }
  if (in_range(lead, 0xf0, 0xf4)) {
    const bool second = in_range(at(1), lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

char32_t utf8_decode(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence.front());
  if (sequence.size() == 1) return lead;
  char32_t character = lead & (0x7fU >> sequence.size());
  for (const char c : sequence.substr(1))
    character = character << 6 | (static_cast<unsigned char>(c) & 0x3fU);
  return character;
}

std::size_t display_width(std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::ranges::all_of(text, is_ascii)) return text.size();
  std::size_t width = 0;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char32_t character = length > 1 ? utf8_decode(text.substr(0, length)) : U'?';
    if (is_in(kWide, character)) {
      width += 2;
    } else if (!is_in(kMarks, character)) {
      width += 1;
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return width;
}

void append_utf8(std::string& out, char32_t character) {
  const auto add = [&](char32_t byte) { out += static_cast<char>(byte); };
  const auto rest = [&](std::uint32_t shift) { add(0x80 | (character >> shift & 0x3f)); };
  if (character < 0x80) return add(character);
  if (character < 0x800) {
    add(0xc0 | character >> 6);
  } else if (character < 0x10000) {
    add(0xe0 | character >> 12);
    rest(6);
  } else {
    add(0xf0 | character >> 18);
    rest(12);
    rest(6);
  }
  rest(0);
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
  if (bytes >= text.size()) return text;
  std::size_t start = bytes;
  while (start > 0 && bytes - start < 3 && is_continuation(text[start])) --start;
  // Only a valid character is kept together: other bytes are none.
  const bool is_cut = start < bytes && start + utf8_length(text.substr(start)) > bytes;
  return text.substr(0, is_cut ? start : bytes);
}

}  // namespace sonde
