// "comm;main;work;read 12": a line for each stack, the outermost function first. The format of stackcollapse-*.pl, which
// flamegraph.pl, speedscope and others read.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "output/escape.h"
#include "output/profile.h"
#include "output/stack_sink.h"

namespace sonde::output {
namespace {

// A name must not look as if it ended: it stands between semicolons, on one line.
void append_name(std::string& line, std::string_view name) {
  for (const char c : name) {
    line += c == ';' ? ':' : static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
}

class FoldedSink final : public StackSink {
 public:
  using StackSink::StackSink;

  void map(const MapSnapshot& map, const MapPrintOptions& options) override {
    if (!has_stacks(map)) return text_->map(map, options);
    // Stacks of different processes often read the same.
    std::map<std::string, std::int64_t> lines;
    const Samples all = samples(map, options);
    for (const Sample& sample : all.samples) lines[line_of(sample)] += sample.count;
    std::vector<std::pair<std::string, std::int64_t>> sorted(lines.begin(), lines.end());
    std::ranges::stable_sort(sorted, std::greater{}, &std::pair<std::string, std::int64_t>::second);
    std::string text;
    for (const auto& [line, count] : sorted) {
      text += fmt::format("{} {}\n", options_.escape_stacks ? escaped(line) : line, count);
    }
    out_.write(text);
    if (all.left_out > 0) {
      text_->warning(fmt::format(
          "WARNING: {} of {} without a number above 0: left out",
          all.left_out == 1 ? "1 stack" : fmt::format("{} stacks", all.left_out), map.name));
    }
  }

 private:
  static std::string line_of(const Sample& sample) {
    std::string line;
    const auto add = [&](std::string_view name) {
      if (!line.empty()) line += ';';
      append_name(line, name);
    };
    for (const std::string& label : sample.labels) add(label);
    for (const Frame* frame : sample.frames) add(frame_label(*frame));
    return line.empty() ? "[no stack]" : line;
  }
};

}  // namespace

std::unique_ptr<Sink> make_folded_sink(Writer& out, Writer& err, SinkOptions options) {
  return std::make_unique<FoldedSink>(out, err, options);
}

}  // namespace sonde::output
