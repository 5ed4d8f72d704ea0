#include "base/integer.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sonde {
namespace {

constexpr std::string_view kTooLarge = "it does not fit into 64 bits";

struct Suffix {
  std::string_view text;  // Lower case.
  std::uint64_t factor;
  bool any_case;
};

constexpr Suffix kSuffixes[] = {
    {"", 1, false},
    {"u", 1, true},
    {"l", 1, true},
    {"ul", 1, true},
    {"lu", 1, true},
    {"ll", 1, true},
    {"ull", 1, true},
    {"llu", 1, true},
    {"ns", 1, false},
    {"us", 1'000, false},
    {"ms", 1'000'000, false},
    {"s", 1'000'000'000, false},
    {"m", 60'000'000'000, false},
    {"h", 3'600'000'000'000, false},
    {"d", 86'400'000'000'000, false},
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'z' ? small - 'a' + 10 : 36;
}

const Suffix* find_suffix(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), lower);
  for (const Suffix& suffix : kSuffixes) {
    if (suffix.text == (suffix.any_case ? std::string_view(small) : text)) return &suffix;
  }
  return nullptr;
}

// The digits of `base` at the start of `text`, with `_` between them; the rest stays in `text`.
struct Digits {
  std::uint64_t value = 0;
  std::size_t count = 0;
  bool overflow = false;
};

Digits take_digits(std::string_view& text, int base) {
  Digits result;
  while (!text.empty()) {
    if (text.front() == '_' && result.count > 0) {
      text.remove_prefix(1);
      continue;
    }
    const int digit = digit_of(text.front());
    if (digit >= base) break;
    std::uint64_t product = 0;
    result.overflow |=
        __builtin_mul_overflow(result.value, static_cast<std::uint64_t>(base), &product);
    result.overflow |=
        __builtin_add_overflow(product, static_cast<std::uint64_t>(digit), &result.value);
    ++result.count;
    text.remove_prefix(1);
  }
  return result;
}

bool multiply(std::uint64_t& value, std::uint64_t factor) {
  return !__builtin_mul_overflow(value, factor, &value);
}

// `e6` behind a decimal number.
std::expected<std::uint64_t, std::string> apply_exponent(std::uint64_t value,
                                                         std::string_view& text) {
  std::string_view rest = text.substr(1);
  const Digits exponent = take_digits(rest, 10);
  if (exponent.count == 0) return std::unexpected(std::string("digits are missing after 'e'"));
  text = rest;
  if (value == 0) return 0;
  if (exponent.overflow || exponent.value > 19) return std::unexpected(std::string(kTooLarge));
  for (std::uint64_t i = 0; i < exponent.value; ++i) {
    if (!multiply(value, 10)) return std::unexpected(std::string(kTooLarge));
  }
  return value;
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

}  // namespace

std::expected<std::uint64_t, std::string> parse_integer(std::string_view text) {
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    if (lower(text[1]) == 'x') {
      base = 16;
      text.remove_prefix(2);
    } else if (digit_of(text[1]) < 10) {
      base = 8;
      text.remove_prefix(1);
    }
  }
  const Digits digits = take_digits(text, base);
  if (base == 8 && !text.empty() && digit_of(text[0]) < 10) {
    return std::unexpected(quoted(text.substr(0, 1)) + " is not an octal digit");
  }
  if (digits.count == 0) return std::unexpected(std::string("digits are missing after '0x'"));
  if (digits.overflow) return std::unexpected(std::string(kTooLarge));
  std::uint64_t value = digits.value;
  if (base == 10 && !text.empty() && lower(text[0]) == 'e') {
    const auto scaled = apply_exponent(value, text);
    if (!scaled) return scaled;
    value = *scaled;
  }
  const Suffix* suffix = find_suffix(text);
  if (suffix == nullptr || (base == 16 && suffix->factor != 1)) {
    return std::unexpected("unknown suffix " + quoted(text));
  }
  if (!multiply(value, suffix->factor)) return std::unexpected(std::string(kTooLarge));
  return value;
}

}  // namespace sonde
