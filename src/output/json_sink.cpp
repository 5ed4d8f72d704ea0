#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "output/json.h"
#include "output/map_order.h"
#include "output/profile.h"
#include "output/sink.h"
#include "output/text.h"

namespace sonde::output {
namespace {

std::string_view map_type(const MapSnapshot& map) {
  const Value& first = map.entries.front().value;
  if (std::holds_alternative<Histogram>(first.data)) return "hist";
  if (std::holds_alternative<StatsValue>(first.data)) return "stats";
  if (std::holds_alternative<DeviationValue>(first.data)) return "stddev";
  if (std::holds_alternative<QuantilesValue>(first.data)) return "quantiles";
  if (std::holds_alternative<SeriesValue>(first.data)) return "tseries";
  if (std::holds_alternative<TopValue>(first.data)) return "top";
  return "map";
}

std::string number(std::uint64_t value) { return fmt::format("{}", value); }

std::string string(std::string_view bytes) {
  std::string json;
  append_json_string(json, bytes);
  return json;
}

// One object a line: {"type": TYPE, "data": DATA}.
class JsonSink final : public Sink {
 public:
  JsonSink(Writer& out, Writer& err, SinkOptions options)
      : out_(out), err_(err), options_(std::move(options)) {}

  void attached(std::uint64_t probes) override {
    if (!options_.quiet) line("attached_probes", "{\"probes\": " + number(probes) + "}");
  }

  void pinned(std::string_view path) override {
    if (!options_.quiet) line("pinned", "{\"path\": " + string(path) + "}");
  }

  void printf(const plan::Format& format, const std::vector<Value>& arguments) override {
    const std::string text = string(output::format(format, arguments));
    if (!options_.json_full) return line("printf", text);
    std::string values;
    for (const Value& argument : arguments) {
      if (!values.empty()) values += ", ";
      append_json(values, argument);
    }
    out_.write(
        fmt::format("{{\"type\": \"printf\", \"data\": {}, \"format\": {}, \"args\": [{}]}}\n",
                    text, string(format.text), values));
  }

  void message(const Message& message) override {
    if (!options_.json_full) return;
    std::string json = "{\"text\": " + string(message.text);
    if (!message.place.empty()) json += ", \"place\": " + string(message.place);
    if (!message.hint.empty()) json += ", \"hint\": " + string(message.hint);
    line(message.is_error ? "error" : "warning", json + "}");
  }

  void begin(const RunBegin& run) override {
    if (!options_.json_full) return;
    std::string json = "{\"time\": " + number(run.time);
    if (run.child_pid != 0) json += ", \"cpid\": " + number(run.child_pid);
    line("begin", json + "}");
  }

  void end(const RunEnd& run) override {
    if (!options_.json_full) return;
    line("end", fmt::format("{{\"time\": {}, \"exit_code\": {}}}", run.time, run.exit_code));
  }

  void value(const Value& value) override {
    std::string json;
    append(json, value);
    line("value", json);
  }

  void map(const MapSnapshot& map, const MapPrintOptions& options) override {
    if (map.entries.empty()) return;
    std::string json = "{" + string(map.name) + ": ";
    const auto append_value = [&](const Value& value) {
      append(json, options.divisor > 1 ? divided(value, options.divisor) : value);
    };
    if (options_.json_stack_frames && has_stacks(map)) {
      append_pairs(json, ordered(map, options), append_value);
    } else if (map.entries.front().key) {
      append_entries(json, ordered(map, options), append_value);
    } else {
      append_value(map.entries.front().value);
    }
    line(map_type(map), json + "}");
  }

  void tests(std::span<const TestResult> results) override {
    std::string json;
    for (const TestResult& test : results) {
      if (!json.empty()) json += ", ";
      json += string(test.name) + ": {\"passed\": " + (test.failure.empty() ? "true" : "false");
      if (!test.failure.empty()) json += ", \"reason\": " + string(test.failure);
      json += '}';
    }
    line("test_results", "{" + json + "}");
  }

  void benchmarks(std::span<const Benchmark> results) override {
    std::string json;
    for (const Benchmark& bench : results) {
      if (!json.empty()) json += ", ";
      json += string(bench.name) + ": " + number(bench.nanoseconds);
    }
    line("benchmark_results", "{" + json + "}");
  }

  void capture() override {
    out_.capture();
    err_.capture();
  }

  void release(bool show) override {
    out_.release(show);
    err_.release(show);
  }

  void time(std::string_view text) override { line("time", string(text)); }
  void join(std::string_view text) override { line("join", string(text)); }

  void cat(std::string_view contents) override { line("cat", string(contents)); }

  void lost(const LostReport& report) override {
    std::string json = "{\"events\": " + number(report.events);
    if (report.stacks > 0) json += ", \"stacks\": " + number(report.stacks);
    if (report.calls > 0) json += ", \"calls\": " + number(report.calls);
    std::string maps;
    for (const LostUpdates& lost : report.map_updates) {
      if (lost.all() == 0) continue;
      maps += (maps.empty() ? "" : ", ") + string(lost.map) + ": " + number(lost.all());
    }
    if (!maps.empty()) json += ", \"map_updates\": {" + maps + "}";
    if (report.events > 0 || report.stacks > 0 || report.calls > 0 || !maps.empty())
      line("lost_events", json + "}");
  }

  // Warnings are for people: they stay out of the stream of objects, but behind those that came earlier. See message().
  void warning(std::string_view text) override {
    out_.flush();
    err_.write(text);
    if (!text.ends_with('\n')) err_.write("\n");
    err_.flush();
  }

  void flush() override {
    out_.flush();
    err_.flush();
  }

  void hold(bool held) override { out_.hold(held); }

  [[nodiscard]] bool broken() const override { return out_.error() != 0; }

 private:
  void line(std::string_view type, std::string_view data) {
    out_.write(fmt::format("{{\"type\": \"{}\", \"data\": {}}}\n", type, data));
  }

  void append(std::string& json, const Value& value) const {
    append_json(json, value, options_.json_stack_frames);
  }

  // [{"key": key, "value": value}, ...]: keys with stacks as frames are no strings.
  template <class AppendValue>
  void append_pairs(std::string& json, const std::vector<const MapEntry*>& entries,
                    AppendValue append_value) const {
    json += '[';
    for (std::size_t i = 0; i < entries.size(); ++i) {
      json += i > 0 ? ", {\"key\": " : "{\"key\": ";
      append(json, *entries[i]->key);
      json += ", \"value\": ";
      append_value(entries[i]->value);
      json += '}';
    }
    json += ']';
  }

  // {"key,key": value, ...}
  template <class AppendValue>
  static void append_entries(std::string& json, const std::vector<const MapEntry*>& entries,
                             AppendValue append_value) {
    json += '{';
    std::string key;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i > 0) json += ", ";
      key.clear();
      append_key(key, *entries[i]->key, ",");
      append_json_string(json, key);
      json += ": ";
      append_value(entries[i]->value);
    }
    json += '}';
  }

  Writer& out_;
  Writer& err_;
  SinkOptions options_;
};

}  // namespace

std::unique_ptr<Sink> make_json_sink(Writer& out, Writer& err, SinkOptions options) {
  return std::make_unique<JsonSink>(out, err, std::move(options));
}

}  // namespace sonde::output
