#include "base/byte_glob.h"

#include <bitset>

namespace sonde {
namespace {

using ByteSet = std::bitset<256>;

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// The set whose '[' stands at `at`, which then is behind its ']'. Nothing if it has no end.
std::optional<ByteSet> parse_set(std::string_view pattern, std::size_t& at) {
  std::size_t next = at + 1;
  const bool is_negated = next < pattern.size() && pattern[next] == '!';
  if (is_negated) ++next;
  ByteSet set;
  for (bool first = true; next < pattern.size(); first = false) {
    if (pattern[next] == ']' && !first) {
      at = next + 1;
      return is_negated ? ~set : set;
    }
    const unsigned char low = byte_at(pattern, next);
    const bool is_range =
        next + 2 < pattern.size() && pattern[next + 1] == '-' && pattern[next + 2] != ']';
    const unsigned char high = is_range ? byte_at(pattern, next + 2) : low;
    for (unsigned byte = low; byte <= high; ++byte) set.set(byte);
    next += is_range ? 3 : 1;
  }
  return std::nullopt;
}

// The next element, which is not a star; `at` is then behind it.
ByteSet parse_element(std::string_view pattern, std::size_t& at) {
  if (pattern[at] == '[') {
    if (const auto set = parse_set(pattern, at)) return *set;
  }
  const unsigned char byte = byte_at(pattern, at);
  ++at;
  return byte == '?' ? ByteSet().set() : ByteSet().set(byte);
}

}  // namespace

std::optional<ByteGlob> compile_glob(std::string_view pattern) {
  ByteGlob glob;
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '*') {
      glob.stars |= std::uint64_t{1} << glob.length;
      ++at;
      continue;
    }
    if (glob.length == kMaxGlobBytes) return std::nullopt;
    const ByteSet set = parse_element(pattern, at);
    for (std::size_t byte = 1; byte < set.size(); ++byte) {
      if (set[byte]) glob.accepts[byte] |= std::uint64_t{1} << glob.length;
    }
    ++glob.length;
  }
  return glob;
}

bool matches(const ByteGlob& glob, std::string_view text) {
  std::uint64_t state = 1;
  for (const char c : text) {
    const std::uint64_t taken = state & glob.accepts[static_cast<unsigned char>(c)];
    state = (taken << 1) | (state & glob.stars);
  }
  return ((state >> glob.length) & 1) != 0;
}

}  // namespace sonde
