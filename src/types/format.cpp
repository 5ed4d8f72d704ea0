#include "types/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sonde::types {
namespace {

using Conversion = FormatSpec::Conversion;

// No terminal and no file wants more; a larger number is a slip, and padding is memory.
constexpr std::uint32_t kMaxWidth = 65536;

struct ConversionRow {
  char letter;
  Conversion conversion;
  bool upper;
};
constexpr ConversionRow kConversions[] = {
    {'d', Conversion::Signed, false},    {'i', Conversion::Signed, false},
    {'u', Conversion::Unsigned, false},  {'o', Conversion::Octal, false},
    {'x', Conversion::Hex, false},       {'X', Conversion::Hex, true},
    {'c', Conversion::Character, false}, {'p', Conversion::Pointer, false},
    {'s', Conversion::String, false},    {'r', Conversion::Raw, false},
    {'g', Conversion::GfpFlags, false},  {'f', Conversion::Fixed, false},
    {'F', Conversion::Fixed, true},      {'e', Conversion::Exponent, false},
    {'E', Conversion::Exponent, true},   {'G', Conversion::General, true},
};

struct LengthRow {
  std::string_view text;  // Longer ones first.
  std::uint32_t bits;
};
constexpr LengthRow kLengths[] = {{"hh", 8}, {"h", 16}, {"ll", 64}, {"l", 64},
                                  {"j", 64}, {"z", 64}, {"t", 64}};

bool is_integer(Conversion conversion) {
  return conversion == Conversion::Signed || conversion == Conversion::Unsigned ||
         conversion == Conversion::Octal || conversion == Conversion::Hex;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// One specifier, from its '%' on.
class SpecParser {
 public:
  SpecParser(std::string_view format, std::size_t begin) : format_(format), at_(begin + 1) {
    spec_.begin = static_cast<std::uint32_t>(begin);
  }

  std::expected<FormatSpec, FormatError> parse() {
    flags();
    if (!number(spec_.width, spec_.star_width)) return error("width is too large");
    if (peek() == '.') {
      ++at_;
      if (!number(spec_.precision, spec_.star_precision)) return error("precision is too large");
      // A '.' alone means 0, as in C.
      if (!spec_.precision && !spec_.star_precision) spec_.precision = 0;
    }
    const std::string_view modifier = length();
    if (at_ >= format_.size()) return error("incomplete format specifier");
    if (!conversion()) {
      return error(fmt::format("unknown conversion '{}'", format_[at_ - 1]));
    }
    if (!modifier.empty() && !is_integer(spec_.conversion)) {
      return error(
          fmt::format("length modifier '{}' goes with integer conversions only", modifier));
    }
    spec_.end = static_cast<std::uint32_t>(at_);
    return spec_;
  }

 private:
  [[nodiscard]] char peek() const { return at_ < format_.size() ? format_[at_] : '\0'; }

  void flags() {
    for (;; ++at_) {
      switch (peek()) {
        case '-': spec_.left = true; break;
        case '0': spec_.zero = true; break;
        case '+': spec_.plus = true; break;
        case ' ': spec_.space = true; break;
        case '#': spec_.alternate = true; break;
        default: return;
      }
    }
  }

  // Digits or '*', if there are any. False if the number is too large.
  bool number(std::optional<std::uint32_t>& value, bool& star) {
    if (peek() == '*') {
      ++at_;
      star = true;
      return true;
    }
    for (; is_digit(peek()); ++at_) {
      const std::uint32_t next = value.value_or(0) * 10 + static_cast<std::uint32_t>(peek() - '0');
      value = std::min(next, kMaxWidth + 1);  // Does not overflow, whatever follows.
    }
    return value.value_or(0) <= kMaxWidth;
  }

  std::string_view length() {
    for (const LengthRow& row : kLengths) {
      if (!format_.substr(at_).starts_with(row.text)) continue;
      at_ += row.text.size();
      spec_.length_bits = row.bits;
      return row.text;
    }
    return {};
  }

  bool conversion() {
    const char letter = format_[at_++];
    for (const ConversionRow& row : kConversions) {
      if (row.letter != letter) continue;
      spec_.conversion = row.conversion;
      spec_.upper = row.upper;
      if (row.conversion == Conversion::Raw) raw_form();
      // "%gr"; "%g" is C's, for numbers with a fraction.
      if (row.conversion == Conversion::GfpFlags) {
        if (peek() == 'r') {
          ++at_;
        } else {
          spec_.conversion = Conversion::General;
        }
      }
      return true;
    }
    return false;
  }

  // "%rx" and "%rh".
  void raw_form() {
    if (peek() != 'x' && peek() != 'h') return;
    spec_.conversion = peek() == 'x' ? Conversion::RawHex : Conversion::RawSpaced;
    ++at_;
  }

  [[nodiscard]] std::unexpected<FormatError> error(std::string text) const {
    return std::unexpected(FormatError{
        .begin = spec_.begin, .end = static_cast<std::uint32_t>(at_), .text = std::move(text)});
  }

  std::string_view format_;
  std::size_t at_;
  FormatSpec spec_;
};

}  // namespace

std::expected<std::vector<FormatPiece>, FormatError> parse_format(std::string_view format) {
  std::vector<FormatPiece> pieces;
  std::string literal;
  for (std::size_t at = 0; at < format.size();) {
    if (format[at] != '%') {
      literal += format[at++];
    } else if (format.substr(at).starts_with("%%")) {
      literal += '%';
      at += 2;
    } else {
      auto spec = SpecParser(format, at).parse();
      if (!spec) return std::unexpected(std::move(spec.error()));
      at = spec->end;
      pieces.push_back({std::exchange(literal, {}), *spec});
    }
  }
  if (!literal.empty()) pieces.push_back({std::move(literal), std::nullopt});
  return pieces;
}

std::size_t argument_count(const std::vector<FormatPiece>& pieces) {
  std::size_t count = 0;
  for (const FormatPiece& piece : pieces) {
    if (!piece.spec) continue;
    count += 1U + (piece.spec->star_width ? 1 : 0) + (piece.spec->star_precision ? 1 : 0);
  }
  return count;
}

}  // namespace sonde::types
