#include "parser/literal.h"

#include <optional>
#include <utility>

namespace sonde::parser {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small >= 'a' && small <= 'z' ? small - 'a' + 10 : 36;
}

std::optional<char> simple_escape(char c) {
  static constexpr std::pair<char, char> kEscapes[] = {
      {'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'\\', '\\'}, {'"', '"'},  {'\'', '\''},
      {'a', '\a'}, {'b', '\b'}, {'f', '\f'}, {'v', '\v'},  {'e', 0x1b}, {'?', '?'},
  };
  for (const auto& [letter, value] : kEscapes) {
    if (letter == c) return value;
  }
  return std::nullopt;
}

// A number of at most `limit` digits at `text[at]`; moves `at` behind it.
std::optional<char> numeric_escape(std::string_view text, std::size_t& at, int base,
                                   std::size_t limit) {
  unsigned value = 0;
  std::size_t count = 0;
  while (count < limit && at < text.size() && digit_of(text[at]) < base) {
    value = value * static_cast<unsigned>(base) + static_cast<unsigned>(digit_of(text[at]));
    ++at;
    ++count;
  }
  if (count == 0 || value > 0xff) return std::nullopt;
  return static_cast<char>(static_cast<unsigned char>(value));
}

}  // namespace

UnescapedString unescape(std::string_view text) {
  UnescapedString result;
  result.offsets.is_written = true;
  result.value.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      result.value += text[at++];
      continue;
    }
    const std::size_t start = at++;
    const char letter = text[at];
    std::optional<char> value;
    if (digit_of(letter) < 8) {
      value = numeric_escape(text, at, 8, 3);
    } else if (letter == 'x') {
      value = numeric_escape(text, ++at, 16, 2);
    } else {
      value = simple_escape(letter);
      ++at;
    }
    if (!value) {
      result.bad.push_back({start, at - start});
      result.value += text.substr(start, at - start);
    } else {
      result.offsets.escapes.push_back({static_cast<std::uint32_t>(result.value.size()),
                                        static_cast<std::uint32_t>(at - start - 1)});
      result.value += *value;
    }
  }
  return result;
}

}  // namespace sonde::parser
