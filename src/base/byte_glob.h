// A pattern for whole strings of bytes, compiled to a table: `*` any bytes, `?` one, `[a-z]` one of a set, `[!a-z]` none of it.
// A `]` right behind the `[` belongs to the set; a `[` without `]` stands for itself.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sonde {

inline constexpr std::size_t kMaxGlobBytes = 63;

// Runs in one pass: bit n of the state says that the bytes so far can be what stands before element n. It begins as 1; each
// byte makes of it ((state & accepts[byte]) << 1) | (state & stars); the string matches if bit `length` is set at its end.
struct ByteGlob {
  std::array<std::uint64_t, 256>
      accepts{};             // Bit n: element n takes the byte. No element takes NUL.
  std::uint64_t stars = 0;   // Bit n: a star stands in front of element n.
  std::uint32_t length = 0;  // Elements beside the stars.
};

// Nothing if the pattern has more than kMaxGlobBytes elements beside its stars.
[[nodiscard]] std::optional<ByteGlob> compile_glob(std::string_view pattern);
[[nodiscard]] bool matches(const ByteGlob& glob, std::string_view text);

}  // namespace sonde
