// Decoded values: what the runtime hands to a sink. Plain data, no pointers into maps or events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "types/type.h"

namespace sonde::output {

struct Value;

struct Integer {
  std::uint64_t bits = 0;  // Sign-extended to 64 bits if `is_signed`.
  bool is_signed = true;
  std::uint32_t width = 64;  // Of its type, in bits.
};
struct Floating {
  double number = 0;
  bool is_single = false;  // A float: fewer digits tell it.
};
struct EnumValue {
  Integer number;
  std::string name;  // Of flags "A|B"; "" if the value has no name.
};
struct Pointer {
  std::uint64_t address = 0;
  std::string name;  // Of the function that it points to; "" if it is none or nobody knows it.
};
struct Text {
  std::string bytes;  // Without the NUL.
  bool truncated =
      false;  // The source was longer than the capacity: the trailer has been appended.
  bool is_literal = false;  // It stands in the script itself, whose escape sequences are meant.
};
struct Bytes {
  std::string bytes;
};
struct Symbol {  // ksym(), usym(), username, strftime(): text that a name was found for.
  std::string text;
};
struct Frame {
  std::uint64_t address = 0;
  std::string symbol;             // "" if unknown.
  std::uint64_t offset = 0;       // From the symbol's start.
  std::string module;             // Path of the binary or kernel module; may be "".
  std::string file;               // Of the source, by debug information; "" if unknown.
  std::uint32_t line = 0;         // In `file`.
  bool is_inlined = false;        // The compiler put it into the next frame: no address of its own.
  std::string build_id;           // Hexadecimal; filled in for the mode build_id and for profiles.
  std::uint64_t file_offset = 0;  // In `module`, where `build_id` is set.
};
struct Stack {
  std::vector<Frame> frames;
  types::StackMode mode = types::StackMode::Bpftrace;
  bool is_user = false;
};
struct TupleValue {
  std::vector<Value> elements;
};
struct ArrayValue {
  std::vector<Value> elements;
};
struct RecordValue {
  std::vector<std::pair<std::string, Value>> fields;
};
struct StatsValue {
  std::int64_t total = 0;  // Bits of a u64 if not is_signed.
  std::uint64_t count = 0;
  bool is_signed = true;
  bool average_only = false;  // avg(): prints the average alone.
};
struct Histogram {
  struct Bucket {
    types::BucketRange range;
    std::uint64_t count = 0;
  };
  std::vector<Bucket> buckets;  // All of them in order, zero counts included.
  bool linear = false;
};
struct DeviationValue {  // stddev()
  std::uint64_t count = 0;
  long double average = 0;
  long double deviation = 0;
};
struct QuantilesValue {
  struct Quantile {
    std::int64_t percentage = 0;  // In units of 1 / types::kPercent.
    // Nothing if it is below 0, which the buckets do not tell apart.
    std::optional<std::uint64_t> value;
  };
  std::uint64_t count = 0;
  std::vector<Quantile> quantiles;
};
struct SeriesValue {  // tseries()
  struct Point {
    std::uint64_t start_ns = 0;    // Of the interval, since 1970.
    std::optional<Integer> value;  // Nothing if the interval holds none.
  };
  std::uint64_t interval_ns = 0;
  std::vector<Point> points;  // Without gaps, from the first to the last that holds a value.
};

struct TopKey;
struct TopValue {            // top()
  std::uint64_t total = 0;   // Of all keys.
  std::vector<TopKey> keys;  // The largest first.
};

struct Value {
  std::variant<Integer, bool, EnumValue, Pointer, Text, Bytes, Symbol, Stack, TupleValue,
               ArrayValue, RecordValue, StatsValue, Histogram, DeviationValue, QuantilesValue,
               SeriesValue, TopValue, Floating>
      data;
};

struct TopKey {
  Value key;
  std::uint64_t value = 0;    // What was seen of it.
  std::uint64_t at_most = 0;  // What it may be.
  double share = 0;           // Of the total, in per cent.
};

}  // namespace sonde::output
