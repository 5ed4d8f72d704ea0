#include "output/report.h"

#include <fmt/format.h>
#include <sys/random.h>
#include <zlib.h>

#include <utility>

#include "base/check.h"
#include "output/report_assets.h"
#include "output/report_recorder.h"

namespace sonde::output {
namespace {

// Only the page's own style and script have it: nothing else in the page can run (Content-Security-Policy).
std::string make_nonce() {
  unsigned char bytes[16] = {};
  // Without entropy, early in the life of a machine, the page only loses its second line of defence.
  static_cast<void>(::getrandom(bytes, sizeof bytes, GRND_NONBLOCK));
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

// JSON that no HTML parser takes for markup: '<' stands in strings alone.
void append_embeddable(std::string& out, std::string_view json) {
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
}

// The page without what a run puts in.
std::string unpacked_page() {
  const std::span<const unsigned char> packed = report_assets::kPage;
  std::string page(report_assets::kPageBytes, '\0');
  z_stream stream{};
  stream.next_in = const_cast<unsigned char*>(packed.data());
  stream.avail_in = static_cast<unsigned>(packed.size());
  stream.next_out = reinterpret_cast<unsigned char*>(page.data());
  stream.avail_out = static_cast<unsigned>(page.size());
  SONDE_CHECK(::inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK);  // 16: with the header of gzip.
  SONDE_CHECK(::inflate(&stream, Z_FINISH) == Z_STREAM_END);
  page.resize(stream.total_out);
  ::inflateEnd(&stream);
  return page;
}

void append_with_nonce(std::string& out, std::string_view text, std::string_view nonce) {
  constexpr std::string_view kMark = "{{nonce}}";
  for (std::size_t mark = text.find(kMark); mark != text.npos; mark = text.find(kMark)) {
    out += text.substr(0, mark);
    out += nonce;
    text.remove_prefix(mark + kMark.size());
  }
  out += text;
}

}  // namespace

// All that is shown is recorded too.
class Report::Tee final : public Sink {
 public:
  Tee(Sink& shown, Recorder& recorder) : shown_(shown), recorder_(recorder) {}

  void attached(std::uint64_t probes) override {
    recorder_.attached(probes);
    shown_.attached(probes);
  }
  void pinned(std::string_view path) override {
    recorder_.text("out", fmt::format("Program pinned to {}\n", path));
    shown_.pinned(path);
  }
  void printf(const plan::Format& format, const std::vector<Value>& arguments) override {
    recorder_.text("out", output::format(format, arguments));
    shown_.printf(format, arguments);
  }
  void value(const Value& value) override {
    recorder_.text("out", to_text(value) + "\n");
    shown_.value(value);
  }
  void map(const MapSnapshot& map, const MapPrintOptions& options) override {
    recorder_.map(map, options);
    shown_.map(map, options);
  }
  void exit_maps() override {
    recorder_.ended();
    recorder_.exit_maps();
    shown_.exit_maps();
  }
  void time(std::string_view text) override {
    recorder_.text("out", std::string(text));
    shown_.time(text);
  }
  void join(std::string_view text) override {
    recorder_.text("out", std::string(text) + "\n");
    shown_.join(text);
  }
  void cat(std::string_view contents) override {
    recorder_.text("out", std::string(contents));
    shown_.cat(contents);
  }
  void lost(const LostReport& report) override {
    recorder_.lost(report);
    shown_.lost(report);
  }
  void warning(std::string_view text) override {
    recorder_.text("warning", std::string(text) + (text.ends_with('\n') ? "" : "\n"));
    shown_.warning(text);
  }
  void message(const Message& message) override { shown_.message(message); }
  void begin(const RunBegin& run) override { shown_.begin(run); }
  void end(const RunEnd& run) override { shown_.end(run); }
  void tests(std::span<const TestResult> results) override {
    recorder_.tests(results);
    shown_.tests(results);
  }
  void benchmarks(std::span<const Benchmark> results) override {
    recorder_.benchmarks(results);
    shown_.benchmarks(results);
  }
  void capture() override {
    recorder_.capture();
    shown_.capture();
  }
  void release(bool show) override {
    recorder_.release(show);
    shown_.release(show);
  }
  // The runtime flushes once, behind what it prints at the end: detaching after it is not part of the run.
  void flush() override {
    recorder_.ended();
    shown_.flush();
  }
  void hold(bool held) override { shown_.hold(held); }
  [[nodiscard]] bool broken() const override { return shown_.broken(); }

 private:
  Sink& shown_;
  Recorder& recorder_;
};

Report::Report(ReportInfo info, Clock clock)
    : recorder_(std::make_unique<Recorder>(std::move(info), std::move(clock))) {}

Report::~Report() = default;

std::unique_ptr<Sink> Report::sink(Sink& shown) { return std::make_unique<Tee>(shown, *recorder_); }

bool Report::has_started() const { return recorder_->has_started(); }

std::string Report::data() const { return recorder_->data(); }

std::string Report::page() const {
  constexpr std::string_view kMark = "{{data}}";
  const std::string nonce = make_nonce();
  const std::string frame = unpacked_page();
  const std::size_t mark = frame.find(kMark);
  SONDE_CHECK(mark != std::string::npos);
  // The data is not looked at again: whatever it holds is no mark.
  std::string page;
  append_with_nonce(page, std::string_view(frame).substr(0, mark), nonce);
  append_embeddable(page, data());
  append_with_nonce(page, std::string_view(frame).substr(mark + kMark.size()), nonce);
  return page;
}

}  // namespace sonde::output
