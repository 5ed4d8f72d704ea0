// Values as text, appended to what is there: the pieces that the sinks and printf share.
#pragma once

#include <string>
#include <string_view>

#include "output/value.h"

namespace sonde::output {

// As print() shows it.
void append_text(std::string& out, const Value& value);

// As part of a map key: as append_text(), but frames of stacks are indented less. The elements of a tuple, which are the keys
// of `@m[a, b]`, are separated by `separator` and have no parentheses.
void append_key(std::string& out, const Value& key, std::string_view separator);

// A newline, then each frame on its own line. `indent` is for the modes bpftrace and raw; perf has a tab.
void append_stack(std::string& out, const Stack& stack, std::size_t indent);

// How bytes of a buffer that are not printable, or all bytes, are shown.
enum class ByteStyle : std::uint8_t {
  Printable,  // "ab\x01"
  Hex,        // "\x61\x62\x01"
  Spaced,     // "61 62 01"
};
void append_bytes(std::string& out, std::string_view bytes, ByteStyle style);

// total / count with the sign of the aggregation, 0 if nothing was counted.
[[nodiscard]] Integer average(const StatsValue& stats);
// 99900 is "99.9".
[[nodiscard]] std::string percentage(std::int64_t thousandths);
// The total with the sign of the aggregation.
[[nodiscard]] Integer total(const StatsValue& stats);

}  // namespace sonde::output
