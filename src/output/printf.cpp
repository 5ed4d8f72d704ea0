#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "base/utf8.h"
#include "output/escape.h"
#include "output/sink.h"
#include "output/text.h"

namespace sonde::output {
namespace {

using types::FormatSpec;
using Conversion = FormatSpec::Conversion;

// Of a `*` argument, whose value nobody has checked. As parse_format()'s bound for written widths.
constexpr std::uint64_t kMaxWidth = 65536;

// Numbers and what stands for one; nothing for text and collections.
struct Numeric {
  std::optional<Integer> operator()(const Integer& number) const { return number; }
  std::optional<Integer> operator()(bool value) const {
    return Integer{.bits = value, .is_signed = false, .width = 8};
  }
  std::optional<Integer> operator()(const EnumValue& value) const { return value.number; }
  std::optional<Integer> operator()(const Pointer& pointer) const {
    return Integer{.bits = pointer.address, .is_signed = false, .width = 64};
  }
  std::optional<Integer> operator()(const StatsValue& stats) const { return average(stats); }
  template <class Other>
  std::optional<Integer> operator()(const Other&) const {
    return std::nullopt;
  }
};

std::optional<Integer> as_integer(const Value& value) { return std::visit(Numeric{}, value.data); }

std::uint64_t low_bits(std::uint64_t value, std::uint32_t width) {
  return width >= 64 ? value : value & ((std::uint64_t{1} << width) - 1);
}

// The number cut to `width` bits and, for a signed type, sign-extended again.
std::int64_t sign_extend(std::uint64_t value, std::uint32_t width) {
  const std::uint32_t unused = width >= 64 ? 0 : 64 - width;
  return static_cast<std::int64_t>(value << unused) >> unused;
}

// The specifier with its `*` arguments filled in.
struct Layout {
  const FormatSpec& spec;
  std::size_t width = 0;
  std::optional<std::size_t> precision;
  bool left = false;
  bool escape = false;
};

// Takes arguments one after the other, as the pieces ask for them.
class Arguments {
 public:
  explicit Arguments(const std::vector<Value>& values) : values_(values) {}
  const Value& next() {
    SONDE_CHECK(at_ < values_.size());
    return values_[at_++];
  }
  std::int64_t next_integer() {
    const std::optional<Integer> number = as_integer(next());
    return number ? static_cast<std::int64_t>(number->bits) : 0;
  }

 private:
  const std::vector<Value>& values_;
  std::size_t at_ = 0;
};

Layout layout(const FormatSpec& spec, Arguments& arguments) {
  Layout result{.spec = spec, .width = spec.width.value_or(0), .left = spec.left};
  if (spec.precision) result.precision = *spec.precision;
  if (spec.star_width) {
    // As in C, a negative width is the flag '-' and its magnitude.
    const std::int64_t width = arguments.next_integer();
    const auto bits = static_cast<std::uint64_t>(width);
    result.left = result.left || width < 0;
    result.width = std::min(width < 0 ? 0 - bits : bits, kMaxWidth);
  }
  if (spec.star_precision) {
    // And a negative precision is none.
    const std::int64_t precision = arguments.next_integer();
    if (precision >= 0)
      result.precision = std::min(static_cast<std::uint64_t>(precision), kMaxWidth);
  }
  return result;
}

// A width counts columns, so that what stands behind is aligned whatever the script of the text.
void append_padded(std::string& out, std::string_view text, const Layout& layout) {
  const std::size_t columns = display_width(text);
  const std::size_t padding = layout.width > columns ? layout.width - columns : 0;
  if (!layout.left) out.append(padding, ' ');
  out += text;
  if (layout.left) out.append(padding, ' ');
}

// Sign or base in front, then the digits, with C's rules for zeros and spaces around them.
void append_number(std::string& out, std::string_view prefix, std::string digits,
                   const Layout& layout) {
  const std::size_t least = layout.precision.value_or(1);
  if (digits == "0") digits.clear();
  if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
  if (layout.spec.conversion == Conversion::Octal && layout.spec.alternate &&
      !digits.starts_with('0')) {
    digits.insert(0, 1, '0');
  }
  const std::size_t length = prefix.size() + digits.size();
  if (layout.spec.zero && !layout.left && !layout.precision && length < layout.width) {
    digits.insert(0, layout.width - length, '0');
  }
  append_padded(out, std::string(prefix) + digits, layout);
}

void append_signed(std::string& out, const Integer& number, const Layout& layout) {
  const std::uint32_t cut = layout.spec.length_bits;
  const auto value =
      cut < 64 ? sign_extend(number.bits, cut) : static_cast<std::int64_t>(number.bits);
  const auto bits = static_cast<std::uint64_t>(value);
  const std::string_view sign = value < 0           ? "-"
                                : layout.spec.plus  ? "+"
                                : layout.spec.space ? " "
                                                    : "";
  append_number(out, sign, fmt::format("{}", value < 0 ? 0 - bits : bits), layout);
}

void append_unsigned(std::string& out, const Integer& number, const Layout& layout) {
  const FormatSpec& spec = layout.spec;
  const std::uint64_t bits = low_bits(number.bits, std::min(spec.length_bits, number.width));
  switch (spec.conversion) {
    case Conversion::Octal: append_number(out, "", fmt::format("{:o}", bits), layout); return;
    case Conversion::Hex: {
      const std::string_view prefix = !spec.alternate || bits == 0 ? "" : spec.upper ? "0X" : "0x";
      append_number(out, prefix, spec.upper ? fmt::format("{:X}", bits) : fmt::format("{:x}", bits),
                    layout);
      return;
    }
    default: append_number(out, "", fmt::format("{}", bits), layout); return;
  }
}

void append_character(std::string& out, const Integer& number, const Layout& layout) {
  const std::string text(1, static_cast<char>(number.bits & 0xff));
  append_padded(out, layout.escape ? escaped(text) : text, layout);
}

void append_integer(std::string& out, const Integer& number, const Layout& layout) {
  switch (layout.spec.conversion) {
    case Conversion::Signed: append_signed(out, number, layout); return;
    case Conversion::Character: append_character(out, number, layout); return;
    case Conversion::Pointer:
      // Always with 0x: glibc's "(nil)" would be one more case for everybody who reads the output.
      append_number(out, "0x", fmt::format("{:x}", number.bits), layout);
      return;
    default: append_unsigned(out, number, layout); return;
  }
}

// As C prints it.
std::string float_text(double number, const Layout& layout) {
  const FormatSpec& spec = layout.spec;
  std::string format = "{:";
  if (spec.plus || spec.space) format += spec.plus ? '+' : ' ';
  if (spec.alternate) format += '#';
  if (spec.zero && !layout.left) format += fmt::format("0{}", layout.width);
  if (layout.precision) format += fmt::format(".{}", *layout.precision);
  const std::size_t letter = spec.conversion == Conversion::Fixed      ? 0
                             : spec.conversion == Conversion::Exponent ? 1
                                                                       : 2;
  format += (spec.upper ? "FEG" : "feg")[letter];
  return fmt::format(fmt::runtime(format + "}"), number);
}

bool is_float(Conversion conversion) {
  return conversion == Conversion::Fixed || conversion == Conversion::Exponent ||
         conversion == Conversion::General;
}

bool takes_integer(Conversion conversion) {
  switch (conversion) {
    case Conversion::String:
    case Conversion::GfpFlags:
    case Conversion::Raw:
    case Conversion::RawHex:
    case Conversion::RawSpaced: return false;
    default: return true;
  }
}

std::optional<ByteStyle> byte_style(Conversion conversion) {
  switch (conversion) {
    case Conversion::Raw: return ByteStyle::Printable;
    case Conversion::RawHex: return ByteStyle::Hex;
    case Conversion::RawSpaced: return ByteStyle::Spaced;
    default: return std::nullopt;
  }
}

// The bytes of a buffer or string; nothing for other kinds of value.
std::optional<std::string_view> bytes_of(const Value& value) {
  if (const auto* bytes = std::get_if<Bytes>(&value.data)) return bytes->bytes;
  if (const auto* text = std::get_if<Text>(&value.data)) return text->bytes;
  return std::nullopt;
}

bool is_literal(const Value& value) {
  const auto* text = std::get_if<Text>(&value.data);
  return text != nullptr && text->is_literal;
}

// Precision counts the bytes that are taken, before %r makes several characters of one. No character is cut apart.
void append_string(std::string& out, const Value& value, const Layout& layout) {
  constexpr std::size_t kAll = std::string_view::npos;
  std::string text;
  const std::optional<std::string_view> bytes = bytes_of(value);
  const std::optional<ByteStyle> style = byte_style(layout.spec.conversion);
  if (bytes && style) {
    append_bytes(text, bytes->substr(0, layout.precision.value_or(kAll)), *style);
  } else {
    append_text(text, value);
    text.resize(utf8_prefix(text, layout.precision.value_or(kAll)).size());
    if (layout.escape && !is_literal(value)) text = escaped(text);
  }
  append_padded(out, text, layout);
}

void append_argument(std::string& out, const Value& value, const Layout& layout) {
  const auto* floating = std::get_if<Floating>(&value.data);
  if (floating != nullptr && is_float(layout.spec.conversion))
    return append_padded(out, float_text(floating->number, layout), layout);
  if (takes_integer(layout.spec.conversion)) {
    if (const std::optional<Integer> number = as_integer(value)) {
      append_integer(out, *number, layout);
      return;
    }
  }
  append_string(out, value, layout);
}

}  // namespace

std::string format(const plan::Format& format, const std::vector<Value>& arguments, bool escape) {
  std::string out;
  Arguments rest(arguments);
  for (const types::FormatPiece& piece : format.pieces) {
    out += piece.literal;
    if (!piece.spec) continue;
    Layout filled = layout(*piece.spec, rest);
    filled.escape = escape;
    append_argument(out, rest.next(), filled);
  }
  return out;
}

}  // namespace sonde::output
