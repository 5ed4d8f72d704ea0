#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "output/map_order.h"
#include "output/sink.h"
#include "output/text.h"

namespace sonde::output {
namespace {

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
    out_.write(output::format(format, arguments));
  }

  void value(const Value& value) override { out_.write(to_text(value) + "\n"); }

  void map(const MapSnapshot& map, const MapPrintOptions& options) override {
    std::string text;  // The whole map at once: one write, however many entries.
    bool blank_line_behind = false;
    for (const MapEntry* entry : ordered(map, options.top)) {
      text += map.name;
      if (entry->key) append_key_brackets(text, *entry->key);
      text += ": ";
      const bool histogram = std::holds_alternative<Histogram>(entry->value.data);
      if (histogram) text += '\n';
      append_text(text,
                  options.divisor > 1 ? divided(entry->value, options.divisor) : entry->value);
      text += '\n';
      blank_line_behind = std::holds_alternative<StatsValue>(entry->value.data);
    }
    if (blank_line_behind) text += '\n';
    out_.write(text);
  }

  void exit_maps() override { out_.write("\n\n"); }

  void time(std::string_view text) override { out_.write(text); }
  void join(std::string_view text) override { out_.write(std::string(text) + "\n"); }

  void cat(std::string_view contents) override { out_.write(contents); }

  void lost(const LostReport& report) override {
    std::string text;
    const auto line = [&](std::uint64_t count, std::string_view what) {
      if (count > 0) fmt::format_to(std::back_inserter(text), "Lost {} {}\n", count, what);
    };
    line(report.events, "events");
    line(report.stacks, "stacks");
    for (const auto& [name, count] : report.map_updates) {
      if (count == 0) continue;
      fmt::format_to(std::back_inserter(text),
                     "{} is full: {} updates lost; raise max_map_keys (SONDE_MAX_MAP_KEYS)\n", name,
                     count);
    }
    complain(text);
  }

  void warning(std::string_view text) override { complain(text); }

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
