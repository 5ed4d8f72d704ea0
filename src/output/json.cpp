#include "output/json.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/utf8.h"
#include "output/histogram.h"
#include "output/series.h"
#include "output/sink.h"
#include "output/text.h"

namespace sonde::output {
namespace {

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

void append_list(std::string& out, const std::vector<Value>& values, bool with_frames) {
  out += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ",";
    append_json(out, values[i], with_frames);
  }
  out += ']';
}

// What is not known is not there.
void append_frame(std::string& out, const Frame& frame) {
  const auto text = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    fmt::format_to(std::back_inserter(out), ", \"{}\": ", name);
    append_json_string(out, value);
  };
  fmt::format_to(std::back_inserter(out), "{{\"address\": {}", frame.address);
  text("symbol", frame.symbol);
  if (!frame.symbol.empty() && !frame.is_inlined)
    fmt::format_to(std::back_inserter(out), ", \"offset\": {}", frame.offset);
  text("module", frame.module);
  text("file", frame.file);
  if (frame.line != 0) fmt::format_to(std::back_inserter(out), ", \"line\": {}", frame.line);
  if (frame.is_inlined) out += ", \"inlined\": true";
  text("build_id", frame.build_id);
  if (!frame.build_id.empty())
    fmt::format_to(std::back_inserter(out), ", \"file_offset\": {}", frame.file_offset);
  out += '}';
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
  bool with_frames = false;

  void operator()(const Integer& number) { append_text(out, Value{number}); }
  void operator()(bool value) { out += value ? "true" : "false"; }
  // JSON has no number for "inf" and "nan".
  void operator()(const Floating& value) {
    if (!std::isfinite(value.number)) return as_text(value);
    append_text(out, Value{value});
  }
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
  void operator()(const TupleValue& tuple) { append_list(out, tuple.elements, with_frames); }
  void operator()(const ArrayValue& array) { append_list(out, array.elements, with_frames); }
  void operator()(const RecordValue& record) {
    out += '{';
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      if (i > 0) out += ", ";
      append_json_string(out, record.fields[i].first);
      out += ": ";
      append_json(out, record.fields[i].second, with_frames);
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
  void operator()(const TopValue& top) {
    fmt::format_to(std::back_inserter(out), "{{\"total\": {}, \"keys\": [", top.total);
    for (const TopKey& key : top.keys) {
      if (&key != &top.keys.front()) out += ", ";
      out += "{\"key\": ";
      append_json(out, key.key, with_frames);
      fmt::format_to(std::back_inserter(out), ", \"value\": {}, \"at_most\": {}}}", key.value,
                     key.at_most);
    }
    out += "]}";
  }
  void operator()(const Stack& stack) {
    if (!with_frames) return as_text(stack);
    out += '[';
    for (std::size_t i = 0; i < stack.frames.size(); ++i) {
      if (i > 0) out += ", ";
      append_frame(out, stack.frames[i]);
    }
    out += ']';
  }
  template <class Shown>
  void operator()(const Shown& shown) {
    as_text(shown);
  }
  template <class Shown>
  void as_text(const Shown& shown) {
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
    if (length == 0) {  // Escaped, so that it is a backslash to the reader.
      fmt::format_to(std::back_inserter(out), "\\\\x{:02x}", static_cast<unsigned char>(bytes[0]));
    } else if (length == 1) {
      append_ascii(out, bytes[0]);
    } else if (const char32_t character = utf8_decode(bytes.substr(0, length)); character <= 0x9f) {
      // A control character, to a terminal that shows the line.
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(character));
    } else {
      out += bytes.substr(0, length);
    }
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void append_json(std::string& out, const Value& value, bool with_frames) {
  std::visit(JsonAppender{out, with_frames}, value.data);
}

}  // namespace sonde::output
