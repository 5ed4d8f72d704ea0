// printf format strings, parsed once: sema checks the pieces against the arguments, output prints with them.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sonde::types {

struct FormatSpec {
  // What the argument must be and how it is shown.
  enum class Conversion : std::uint8_t {
    Signed,     // d i
    Unsigned,   // u
    Octal,      // o
    Hex,        // x X
    Character,  // c
    Pointer,    // p
    String,     // s: strings, symbols, stacks, timestamps, enums, ...
    Raw,        // r: buffer, printable bytes as they are, others as \xNN
    RawHex,     // rx: buffer, all bytes as \xNN
    RawSpaced,  // rh: buffer, all bytes as hex pairs with spaces
    GfpFlags,   // gr: the kernel's flags of memory allocations, by name
    Fixed,      // f F: a float or double, as C prints it
    Exponent,   // e E
    General,    // g G
  };
  Conversion conversion = Conversion::Signed;
  bool upper = false;       // X F E G
  bool left = false;        // -
  bool zero = false;        // 0
  bool plus = false;        // +
  bool space = false;       // ' '
  bool alternate = false;   // #
  bool star_width = false;  // `*`: an integer argument in front gives the width.
  bool star_precision = false;
  std::optional<std::uint32_t> width;
  std::optional<std::uint32_t> precision;
  std::uint32_t length_bits = 64;  // hh 8, h 16, none/l/ll/j/z/t 64: integers are cut to it.
  std::uint32_t begin = 0;         // The specifier's place in the format string, '%' included.
  std::uint32_t end = 0;
};

// Literal text, then (but for the last piece) one specifier.
struct FormatPiece {
  std::string literal;
  std::optional<FormatSpec> spec;
};

struct FormatError {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string text;  // "unknown conversion 'y'", ...
};

// `%%` becomes a literal percent sign. Without length modifier integers print in their own width (length_bits 64).
[[nodiscard]] std::expected<std::vector<FormatPiece>, FormatError> parse_format(
    std::string_view format);

// Number of arguments that the pieces take, `*` widths included.
[[nodiscard]] std::size_t argument_count(const std::vector<FormatPiece>& pieces);

}  // namespace sonde::types
