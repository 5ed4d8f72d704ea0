#include "output/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "output/histogram.h"
#include "output/series.h"
#include "output/sink.h"

namespace sonde::output {
namespace {

// Columns in front of a frame: in values, and in map keys (two characters less than a program's own indentation).
constexpr std::size_t kValueIndent = 8;
constexpr std::size_t kKeyIndent = 4;
// In front of the largest value of top().
constexpr std::size_t kTopIndent = 2;

template <class... Args>
void append(std::string& out, fmt::format_string<Args...> text, Args&&... args) {
  fmt::format_to(std::back_inserter(out), text, std::forward<Args>(args)...);
}

void append_integer(std::string& out, const Integer& number) {
  const fmt::format_int text = number.is_signed
                                   ? fmt::format_int(static_cast<std::int64_t>(number.bits))
                                   : fmt::format_int(number.bits);
  out.append(text.data(), text.size());
}

// With as many digits as tell it from its neighbours.
void append_float(std::string& out, const Floating& value) {
  if (value.is_single) {
    append(out, "{}", static_cast<float>(value.number));
  } else {
    append(out, "{}", value.number);
  }
}

void append_list(std::string& out, const std::vector<Value>& values, std::string_view separator) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += separator;
    append_text(out, values[i]);
  }
}

// "main+20", "[inlined] helper", "0x401136"
std::string frame_name(const Frame& frame) {
  if (frame.is_inlined) return "[inlined] " + frame.symbol;
  if (frame.symbol.empty()) return fmt::format("0x{:x}", frame.address);
  return fmt::format("{}+{}", frame.symbol, frame.offset);
}

void append_frame(std::string& out, const Frame& frame, types::StackMode mode, std::size_t indent) {
  const std::string symbol = frame_name(frame);
  switch (mode) {
    case types::StackMode::Bpftrace:
      append(out, "{:{}}{}", "", indent, symbol);
      if (!frame.file.empty()) append(out, "@{}:{}", frame.file, frame.line);
      break;
    case types::StackMode::BuildId:
      if (frame.build_id.empty()) {
        append(out, "{:{}}0x{:x}", "", indent, frame.address);
      } else {
        append(out, "{:{}}{} 0x{:x}", "", indent, frame.build_id, frame.file_offset);
      }
      break;
    case types::StackMode::Raw: append(out, "{:{}}{:x}", "", indent, frame.address); break;
    case types::StackMode::Perf:
      append(out, "\t{:x} {}", frame.address, symbol);
      if (!frame.module.empty()) append(out, " ({})", frame.module);
      break;
  }
  out += '\n';
}

// A line for each key: its value, its share of the total, the key.
void append_top(std::string& out, const TopValue& top) {
  append(out, "total {}", top.total);
  std::size_t width = 0;
  for (const TopKey& key : top.keys) width = std::max(width, fmt::formatted_size("{}", key.value));
  for (const TopKey& key : top.keys) {
    append(out, "\n{:>{}} {:5.1f}%  ", key.value, width + kTopIndent, key.share);
    if (key.at_most > key.value) append(out, "(up to {}) ", key.at_most);
    append_key(out, key.key, ", ");
  }
}

// One overload for each kind of value; a kind without one does not compile.
struct Appender {
  std::string& out;

  void operator()(const Integer& number) { append_integer(out, number); }
  void operator()(bool value) { out += value ? "true" : "false"; }
  void operator()(const Floating& value) { append_float(out, value); }
  void operator()(const EnumValue& value) {
    if (value.name.empty()) {
      append_integer(out, value.number);
    } else {
      out += value.name;
    }
  }
  void operator()(const Pointer& pointer) {
    if (!pointer.name.empty()) {
      out += pointer.name;
    } else {
      append(out, "0x{:x}", pointer.address);
    }
  }
  void operator()(const Text& text) { out += text.bytes; }
  void operator()(const Bytes& bytes) { append_bytes(out, bytes.bytes, ByteStyle::Printable); }
  void operator()(const Symbol& symbol) { out += symbol.text; }
  void operator()(const Stack& stack) { append_stack(out, stack, kValueIndent); }
  void operator()(const TupleValue& tuple) {
    out += '(';
    append_list(out, tuple.elements, ", ");
    out += ')';
  }
  void operator()(const ArrayValue& array) {
    out += '[';
    append_list(out, array.elements, ",");
    out += ']';
  }
  void operator()(const RecordValue& record) {
    out += '{';
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      append(out, "{} .{} = ", i > 0 ? "," : "", record.fields[i].first);
      append_text(out, record.fields[i].second);
    }
    out += record.fields.empty() ? "}" : " }";
  }
  void operator()(const StatsValue& stats) {
    if (!stats.average_only) append(out, "count {}, average ", stats.count);
    append_integer(out, average(stats));
    if (stats.average_only) return;
    out += ", total ";
    append_integer(out, total(stats));
  }
  void operator()(const Histogram& histogram) { append_histogram(out, histogram); }
  void operator()(const DeviationValue& value) {
    append(out, "count {}, average {:.2f}, stddev {:.2f}", value.count, value.average,
           value.deviation);
  }
  void operator()(const QuantilesValue& value) {
    append(out, "count {}", value.count);
    for (const QuantilesValue::Quantile& quantile : value.quantiles) {
      append(out, ", p{} ", percentage(quantile.percentage));
      if (quantile.value) {
        append(out, "{}", *quantile.value);
      } else {
        out += "<0";
      }
    }
  }
  void operator()(const SeriesValue& series) { append_series(out, series); }
  void operator()(const TopValue& top) { append_top(out, top); }
};

}  // namespace

void append_text(std::string& out, const Value& value) { std::visit(Appender{out}, value.data); }

void append_key(std::string& out, const Value& key, std::string_view separator) {
  if (const auto* stack = std::get_if<Stack>(&key.data)) {
    if (!stack->frames.empty()) append_stack(out, *stack, kKeyIndent);
  } else if (const auto* tuple = std::get_if<TupleValue>(&key.data)) {
    for (std::size_t i = 0; i < tuple->elements.size(); ++i) {
      if (i > 0) out += separator;
      const Value& element = tuple->elements[i];
      // A tuple in a tuple keeps its parentheses.
      if (std::holds_alternative<TupleValue>(element.data)) {
        append_text(out, element);
      } else {
        append_key(out, element, separator);
      }
    }
  } else {
    append_text(out, key);
  }
}

void append_stack(std::string& out, const Stack& stack, std::size_t indent) {
  out += '\n';
  for (const Frame& frame : stack.frames) append_frame(out, frame, stack.mode, indent);
}

void append_bytes(std::string& out, std::string_view bytes, ByteStyle style) {
  constexpr char kDigits[] = "0123456789abcdef";
  bool first = true;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (style == ByteStyle::Printable && byte >= 0x20 && byte <= 0x7e) {
      out += c;
      continue;
    }
    if (style == ByteStyle::Spaced) {
      if (!first) out += ' ';
    } else {
      out += "\\x";
    }
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
    first = false;
  }
}

Integer average(const StatsValue& stats) {
  const auto total_bits = static_cast<std::uint64_t>(stats.total);
  if (stats.count == 0) return {.bits = 0, .is_signed = stats.is_signed, .width = 64};
  // Divided as magnitude and sign: a count above INT64_MAX must not turn negative.
  const bool negative = stats.is_signed && stats.total < 0;
  const std::uint64_t magnitude = (negative ? 0 - total_bits : total_bits) / stats.count;
  return {.bits = negative ? 0 - magnitude : magnitude, .is_signed = stats.is_signed, .width = 64};
}

std::string percentage(std::int64_t thousandths) {
  return fmt::format("{:g}", static_cast<double>(thousandths) / types::kPercent);
}

Integer total(const StatsValue& stats) {
  return {
      .bits = static_cast<std::uint64_t>(stats.total), .is_signed = stats.is_signed, .width = 64};
}

std::string to_text(const Value& value) {
  std::string out;
  append_text(out, value);
  return out;
}

}  // namespace sonde::output
