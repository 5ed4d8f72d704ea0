#include "output/report_cells.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <utility>

#include "output/histogram.h"
#include "output/map_order.h"
#include "output/text.h"

namespace sonde::output {
namespace {

// The largest integer below which a double holds them all: Number.MAX_SAFE_INTEGER.
constexpr std::uint64_t kLargestExact = (std::uint64_t{1} << 53) - 1;

std::string_view stack_kind(const types::Type* type) {
  return type != nullptr && type->is(types::TypeKind::KernelStack) ? "kernel" : "user";
}

std::string_view column_kind(const Value& value, const types::Type* type) {
  if (std::holds_alternative<Integer>(value.data)) return "number";
  if (std::holds_alternative<Stack>(value.data)) return stack_kind(type);
  if (std::holds_alternative<Histogram>(value.data)) return "histogram";
  if (std::holds_alternative<SeriesValue>(value.data)) return "series";
  return "text";
}

const types::Type* element_type(const types::Type* type, std::size_t index) {
  return type != nullptr && index < type->elements().size() ? type->elements()[index] : nullptr;
}

std::vector<ReportColumn> key_columns(const Value& key, const types::Type* type,
                                      const std::vector<std::string>& names) {
  const auto* tuple = std::get_if<TupleValue>(&key.data);
  const std::size_t count = tuple != nullptr ? tuple->elements.size() : 1;
  std::vector<ReportColumn> columns;
  for (std::size_t i = 0; i < count; ++i) {
    std::string title = count == 1 ? "key" : fmt::format("key {}", i + 1);
    if (names.size() == count) title = names[i];
    const std::string_view kind = tuple != nullptr
                                      ? column_kind(tuple->elements[i], element_type(type, i))
                                      : column_kind(key, type);
    columns.push_back({std::move(title), kind, {}});
  }
  return columns;
}

std::string value_title(const types::Type* type) {
  if (type == nullptr) return "value";
  switch (type->kind()) {
    case types::TypeKind::Count: return "count";
    case types::TypeKind::Sum: return "sum";
    case types::TypeKind::Min: return "min";
    case types::TypeKind::Max: return "max";
    case types::TypeKind::Distinct: return "distinct";
    case types::TypeKind::TimeSeries: return "series";
    case types::TypeKind::Hist:
    case types::TypeKind::LinearHist: return "histogram";
    default: return "value";
  }
}

std::vector<ReportColumn> value_columns(const Value& value, const types::Type* type) {
  if (const auto* stats = std::get_if<StatsValue>(&value.data)) {
    if (stats->average_only) return {{"average", "number", {}}};
    return {{"count", "number", {}}, {"average", "number", {}}, {"total", "number", {}}};
  }
  if (std::holds_alternative<DeviationValue>(value.data))
    return {{"count", "number", "weight"}, {"average", "number", {}}, {"stddev", "number", {}}};
  if (std::holds_alternative<TopValue>(value.data))
    return {{"value", "number", "weight"}, {"at most", "number", {}}};
  std::vector<ReportColumn> columns;
  if (const auto* quantiles = std::get_if<QuantilesValue>(&value.data)) {
    columns.push_back({"count", "number", "weight"});
    for (const QuantilesValue::Quantile& quantile : quantiles->quantiles)
      columns.push_back({"p" + percentage(quantile.percentage), "number", "percentile"});
  } else if (const auto* tuple = std::get_if<TupleValue>(&value.data)) {
    for (std::size_t i = 0; i < tuple->elements.size(); ++i) {
      columns.push_back(
          {fmt::format("value.{}", i), column_kind(tuple->elements[i], element_type(type, i)), {}});
    }
  } else if (const auto* record = std::get_if<RecordValue>(&value.data)) {
    for (const auto& [name, field] : record->fields)
      columns.push_back({name, column_kind(field, nullptr), {}});
  }
  if (columns.empty()) columns.push_back({value_title(type), column_kind(value, type), {}});
  return columns;
}

void write_histogram(JsonWriter& json, const Histogram& histogram) {
  json.open('[');
  for (const Histogram::Bucket& bucket : occupied(histogram)) {
    json.open('[');
    write_number(json, Integer{.bits = static_cast<std::uint64_t>(bucket.range.low)});
    json.string(bucket_label(bucket.range, histogram.linear));
    write_number(json, bucket.count);
    json.close(']');
  }
  json.close(']');
}

template <class Number>
void write_if_any(JsonWriter& json, const std::optional<Number>& number) {
  number ? write_number(json, *number) : json.json("null");
}

void write_series(JsonWriter& json, const SeriesValue& series) {
  json.open('[');
  const std::uint64_t first = series.points.empty() ? 0 : series.points.front().start_ns;
  json.string(fmt::format("{}", first));
  json.string(fmt::format("{}", series.interval_ns));
  json.open('[');
  for (const SeriesValue::Point& point : series.points) write_if_any(json, point.value);
  json.close(']');
  json.close(']');
}

void write_cell(JsonWriter& json, const Value& value, ReportNames& names) {
  if (const auto* number = std::get_if<Integer>(&value.data)) return write_number(json, *number);
  if (const auto* histogram = std::get_if<Histogram>(&value.data))
    return write_histogram(json, *histogram);
  if (const auto* series = std::get_if<SeriesValue>(&value.data))
    return write_series(json, *series);
  const auto* stack = std::get_if<Stack>(&value.data);
  if (stack == nullptr) return json.string(to_text(value));
  json.open('[');
  for (const Frame& frame : stack->frames) json.number(names.frame(frame));
  json.close(']');
}

void write_quantiles(JsonWriter& json, const QuantilesValue& value) {
  write_number(json, value.count);
  for (const QuantilesValue::Quantile& quantile : value.quantiles)
    write_if_any(json, quantile.value);
}

void write_value(JsonWriter& json, const Value& value, std::size_t columns, ReportNames& names) {
  if (const auto* stats = std::get_if<StatsValue>(&value.data)) {
    if (!stats->average_only) write_number(json, stats->count);
    write_number(json, average(*stats));
    if (!stats->average_only) write_number(json, total(*stats));
    return;
  }
  if (const auto* deviation = std::get_if<DeviationValue>(&value.data)) {
    write_number(json, deviation->count);
    write_number(json, deviation->average);
    return write_number(json, deviation->deviation);
  }
  if (const auto* quantiles = std::get_if<QuantilesValue>(&value.data))
    return write_quantiles(json, *quantiles);
  const auto* tuple = std::get_if<TupleValue>(&value.data);
  const auto* record = std::get_if<RecordValue>(&value.data);
  if (tuple != nullptr && tuple->elements.size() == columns) {
    for (const Value& element : tuple->elements) write_cell(json, element, names);
  } else if (record != nullptr && record->fields.size() == columns) {
    for (const auto& [name, field] : record->fields) write_cell(json, field, names);
  } else {
    write_cell(json, value, names);
  }
}

}  // namespace

std::size_t ReportNames::frame(const Frame& frame) {
  Name name{.function = frame.symbol.empty() ? fmt::format("0x{:x}", frame.address) : frame.symbol,
            .module = frame.module,
            .line = frame.file.empty() ? "" : fmt::format("{}:{}", frame.file, frame.line),
            .is_inlined = frame.is_inlined};
  const auto [place, is_new] = numbers_.try_emplace(std::move(name), frames_.size());
  if (is_new) frames_.push_back(&place->first);
  return place->second;
}

void ReportNames::write(JsonWriter& json) const {
  json.open('[');
  for (const Name* name : frames_) {
    json.open('[');
    json.string(name->function);
    json.string(name->module);
    if (!name->line.empty() || name->is_inlined) json.string(name->line);
    if (name->is_inlined) json.json("true");
    json.close(']');
  }
  json.close(']');
}

ReportColumns report_columns(const MapSnapshot& map, const std::vector<std::string>& key_names) {
  ReportColumns columns;
  const MapEntry& first = map.entries.front();
  if (first.key) columns.keys = key_columns(*first.key, map.key_type, key_names);
  if (const auto* top = std::get_if<TopValue>(&first.value.data)) {
    const types::Type* type = map.value_type == nullptr ? nullptr : map.value_type->element();
    columns.keys.push_back(
        {"top", top->keys.empty() ? "text" : column_kind(top->keys.front().key, type), {}});
  }
  columns.values = value_columns(first.value, map.value_type);
  return columns;
}

void write_columns(JsonWriter& json, const std::vector<ReportColumn>& columns) {
  json.open('[');
  for (const ReportColumn& column : columns) {
    json.open('{');
    json.name("title");
    json.string(column.title);
    json.name("kind");
    json.string(column.kind);
    if (!column.role.empty()) {
      json.name("role");
      json.string(column.role);
    }
    json.close('}');
  }
  json.close(']');
}

void write_rows(JsonWriter& json, const MapEntry& entry, const ReportColumns& columns,
                std::uint64_t divisor, ReportNames& names) {
  const auto write_keys = [&](std::size_t count) {
    if (!entry.key) return;
    const auto* tuple = std::get_if<TupleValue>(&entry.key->data);
    if (tuple == nullptr || tuple->elements.size() != count)
      return write_cell(json, *entry.key, names);
    for (const Value& element : tuple->elements) write_cell(json, element, names);
  };
  const Value value = divisor > 1 ? divided(entry.value, divisor) : entry.value;
  const auto* top = std::get_if<TopValue>(&value.data);
  if (top == nullptr) {
    json.open('[');
    write_keys(columns.keys.size());
    write_value(json, value, columns.values.size(), names);
    return json.close(']');
  }
  for (const TopKey& key : top->keys) {
    json.open('[');
    write_keys(columns.keys.size() - 1);
    write_cell(json, key.key, names);
    write_number(json, key.value);
    write_number(json, key.at_most);
    json.close(']');
  }
}

std::size_t row_count(const MapSnapshot& map) {
  std::size_t count = 0;
  for (const MapEntry& entry : map.entries) {
    const auto* top = std::get_if<TopValue>(&entry.value.data);
    count += top == nullptr ? 1 : top->keys.size();
  }
  return count;
}

void write_number(JsonWriter& json, std::uint64_t number) {
  if (number > kLargestExact) return json.string(fmt::format("{}", number));
  json.number(number);
}

void write_number(JsonWriter& json, const Integer& number) {
  const auto value = static_cast<std::int64_t>(number.bits);
  if (!number.is_signed || value >= 0) return write_number(json, number.bits);
  const std::string text = fmt::format("{}", value);
  if (value < -static_cast<std::int64_t>(kLargestExact)) return json.string(text);
  json.json(text);
}

void write_number(JsonWriter& json, long double number) {
  if (std::fabs(number) > static_cast<long double>(kLargestExact))
    return json.string(
        fmt::format("{:.0f}", number));  // Digits: its fraction is nothing beside it.
  json.json(fmt::format("{:.2f}", number));
}

}  // namespace sonde::output
