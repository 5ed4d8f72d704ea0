#include "output/json.h"

#include <fmt/format.h>

#include <iterator>

#include "output/histogram.h"
#include "output/series.h"
#include "output/sink.h"
#include "output/text.h"

namespace sonde::output {
namespace {

bool in_range(unsigned char byte, unsigned char low, unsigned char high) {
  return low <= byte && byte <= high;
}

// Length of the valid UTF-8 sequence at the start of `text`, 0 if there is none: no overlong forms, no surrogates, nothing
// above U+10FFFF (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const auto follows = [&](std::size_t i) { return in_range(at(i), 0x80, 0xbf); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
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

void append_ascii(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7f) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
  } else {
    out += c;
  }
}

void append_list(std::string& out, const std::vector<Value>& values) {
  out += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ",";
    append_json(out, values[i]);
  }
  out += ']';
}

// Bounds are inclusive, and a bucket without an end has no such member.
void append_bucket(std::string& out, const Histogram::Bucket& bucket) {
  out += '{';
  if (bucket.range.low != INT64_MIN) {
    fmt::format_to(std::back_inserter(out), "\"min\": {}, ", bucket.range.low);
  }
  if (bucket.range.high != INT64_MAX) {
    fmt::format_to(std::back_inserter(out), "\"max\": {}, ", bucket.range.high - 1);
  }
  fmt::format_to(std::back_inserter(out), "\"count\": {}}}", bucket.count);
}

// Kinds without an overload of their own are strings, as text shows them.
struct JsonAppender {
  std::string& out;

  void operator()(const Integer& number) { append_text(out, Value{number}); }
  void operator()(bool value) { out += value ? "true" : "false"; }
  void operator()(const EnumValue& value) {
    if (value.name.empty()) {
      append_text(out, Value{value.number});
    } else {
      append_json_string(out, value.name);
    }
  }
  void operator()(const Pointer& pointer) {
    if (!pointer.name.empty()) return append_json_string(out, pointer.name);
    fmt::format_to(std::back_inserter(out), "{}", pointer.address);
  }
  void operator()(const Text& text) { append_json_string(out, text.bytes); }
  void operator()(const TupleValue& tuple) { append_list(out, tuple.elements); }
  void operator()(const ArrayValue& array) { append_list(out, array.elements); }
  void operator()(const RecordValue& record) {
    out += '{';
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      if (i > 0) out += ", ";
      append_json_string(out, record.fields[i].first);
      out += ": ";
      append_json(out, record.fields[i].second);
    }
    out += '}';
  }
  void operator()(const StatsValue& stats) {
    const Value mean{average(stats)};
    if (stats.average_only) {
      append_text(out, mean);
      return;
    }
    fmt::format_to(std::back_inserter(out), "{{\"count\": {}, \"average\": ", stats.count);
    append_text(out, mean);
    out += ", \"total\": ";
    append_text(out, Value{total(stats)});
    out += '}';
  }
  void operator()(const Histogram& histogram) {
    out += '[';
    bool first = true;
    for (const Histogram::Bucket& bucket : occupied(histogram)) {
      if (!first) out += ", ";
      append_bucket(out, bucket);
      first = false;
    }
    out += ']';
  }
  void operator()(const DeviationValue& value) {
    fmt::format_to(std::back_inserter(out),
                   "{{\"count\": {}, \"average\": {:.6f}, \"stddev\": {:.6f}}}", value.count,
                   value.average, value.deviation);
  }
  void operator()(const QuantilesValue& value) {
    fmt::format_to(std::back_inserter(out), "{{\"count\": {}", value.count);
    for (const QuantilesValue::Quantile& quantile : value.quantiles) {
      fmt::format_to(std::back_inserter(out), ", \"p{}\": ", percentage(quantile.percentage));
      out += quantile.value ? fmt::format("{}", *quantile.value) : "null";
    }
    out += '}';
  }
  void operator()(const SeriesValue& series) {
    out += '[';
    for (const SeriesValue::Point& point : series.points) {
      if (&point != &series.points.front()) out += ", ";
      fmt::format_to(std::back_inserter(out),
                     "{{\"time\": \"{}\", \"value\": ", utc_time(point.start_ns));
      out += point.value ? to_text(Value{*point.value}) : "null";
      out += '}';
    }
    out += ']';
  }
  template <class Shown>
  void operator()(const Shown& shown) {
    std::string text;
    append_text(text, Value{shown});
    append_json_string(out, text);
  }
};

}  // namespace

void append_json_string(std::string& out, std::string_view bytes) {
  out += '"';
  while (!bytes.empty()) {
    const std::size_t length = utf8_length(bytes);
    if (length == 0) {
      fmt::format_to(std::back_inserter(out), "\\\\x{:02x}", static_cast<unsigned char>(bytes[0]));
    } else if (length == 1) {
      append_ascii(out, bytes[0]);
    } else {
      out += bytes.substr(0, length);
    }
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void append_json(std::string& out, const Value& value) {
  std::visit(JsonAppender{out}, value.data);
}

}  // namespace sonde::output
