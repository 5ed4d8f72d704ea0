#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/utf8.h"
#include "output/escape.h"
#include "output/map_order.h"
#include "output/sink.h"
#include "output/text.h"

namespace sonde::output {
namespace {

// Rows of cells, the head first; all have as many.
using Table = std::vector<std::vector<std::string>>;

std::string to_text(const Table& table) {
  std::vector<std::size_t> widths(table.front().size());
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string line = "+";
  for (const std::size_t width : widths) line += std::string(width + 2, '-') + "+";
  std::string text = line + "\n";
  for (const auto& row : table) {
    text += '|';
    for (std::size_t i = 0; i < row.size(); ++i)
      text += " " + row[i] + std::string(widths[i] - display_width(row[i]), ' ') + " |";
    text += '\n';
    if (&row == &table.front()) text += line + "\n";
  }
  return text + line + "\n";
}

bool is_on_lines_of_its_own(const Value& value) {
  return std::holds_alternative<Histogram>(value.data) ||
         std::holds_alternative<SeriesValue>(value.data);
}

class TextSink final : public Sink {
 public:
  TextSink(Writer& out, Writer& err, SinkOptions options)
      : out_(out), err_(err), options_(std::move(options)) {}

  void attached(std::uint64_t probes) override {
    if (options_.quiet) return;
    out_.write(fmt::format("Attached {} probe{}\n", probes, probes == 1 ? "" : "s"));
  }

  void pinned(std::string_view path) override {
    if (!options_.quiet) out_.write(fmt::format("Program pinned to {}\n", path));
  }

  void printf(const plan::Format& format, const std::vector<Value>& arguments) override {
    out_.write(output::format(format, arguments, options_.escape));
  }

  void value(const Value& value) override {
    const auto* text = std::get_if<Text>(&value.data);
    out_.write((text != nullptr && text->is_literal ? text->bytes : shown(to_text(value))) + "\n");
  }

  void map(const MapSnapshot& map, const MapPrintOptions& options) override {
    std::string text;  // The whole map at once: one write, however many entries.
    bool blank_line_behind = false;
    for (const MapEntry* entry : ordered(map, options)) {
      text += map.name;
      if (entry->key) append_key_brackets(text, *entry->key);
      text += ": ";
      if (is_on_lines_of_its_own(entry->value)) text += '\n';
      append_text(text,
                  options.divisor > 1 ? divided(entry->value, options.divisor) : entry->value);
      text += '\n';
      blank_line_behind = std::holds_alternative<StatsValue>(entry->value.data);
    }
    if (blank_line_behind) text += '\n';
    out_.write(shown(std::move(text)));
  }

  void exit_maps() override { out_.write("\n\n"); }

  void time(std::string_view text) override { out_.write(text); }
  void join(std::string_view text) override { out_.write(shown(std::string(text)) + "\n"); }

  void cat(std::string_view contents) override { out_.write(shown(std::string(contents))); }

  void lost(const LostReport& report) override {
    std::string text;
    const auto line = [&](std::uint64_t count, std::string_view what) {
      if (count > 0) fmt::format_to(std::back_inserter(text), "Lost {} {}\n", count, what);
    };
    line(report.events, "events");
    line(report.stacks, "stacks");
    line(report.calls, kLostCalls);
    for (const LostUpdates& lost : report.map_updates) {
      if (lost.full > 0) {
        fmt::format_to(std::back_inserter(text),
                       "{} is full: {} updates lost; raise max_map_keys (SONDE_MAX_MAP_KEYS)\n",
                       lost.map, lost.full);
      }
      line(lost.no_memory, fmt::format("updates of {}: no memory for so many new keys at once (a "
                                       "smaller max_map_keys helps)",
                                       lost.map));
      line(lost.busy, fmt::format("updates of {}: another was under way", lost.map));
    }
    complain(text);
  }

  void warning(std::string_view text) override { complain(text); }

  void tests(std::span<const TestResult> results) override {
    Table table{{"TEST", "RESULT"}};
    const bool all_passed =
        std::ranges::all_of(results, [](const TestResult& test) { return test.failure.empty(); });
    if (!all_passed) table.front().push_back("REASON");
    for (const TestResult& test : results) {
      table.push_back({test.name, test.failure.empty() ? "PASS" : "FAIL"});
      if (!all_passed) table.back().push_back(test.failure);
    }
    out_.write("\n\n" + to_text(table));
  }

  void benchmarks(std::span<const Benchmark> results) override {
    Table table{{"BENCHMARK", "NANOSECONDS"}};
    for (const Benchmark& bench : results)
      table.push_back({bench.name, std::to_string(bench.nanoseconds)});
    out_.write("\n\n" + to_text(table));
  }

  void capture() override {
    out_.capture();
    err_.capture();
  }

  void release(bool show) override {
    out_.release(show);
    err_.release(show);
  }

  void flush() override {
    out_.flush();
    err_.flush();
  }

  void hold(bool held) override { out_.hold(held); }

  [[nodiscard]] bool broken() const override { return out_.error() != 0; }

 private:
  // "[1, x]"; a stack stands on lines of its own between the brackets.
  static void append_key_brackets(std::string& text, const Value& key) {
    text += '[';
    append_key(text, key, ", ");
    text += ']';
  }

  // What was traced, as it may be shown.
  [[nodiscard]] std::string shown(std::string text) const {
    return options_.escape ? escaped(text) : text;
  }

  // What is on its way to the terminal stays in front of a complaint that came later.
  void complain(std::string_view text) {
    if (text.empty()) return;
    out_.flush();
    err_.write(text);
    if (!text.ends_with('\n')) err_.write("\n");
    err_.flush();
  }

  Writer& out_;
  Writer& err_;
  SinkOptions options_;
};

}  // namespace

std::unique_ptr<Sink> make_text_sink(Writer& out, Writer& err, SinkOptions options) {
  return std::make_unique<TextSink>(out, err, std::move(options));
}

}  // namespace sonde::output
