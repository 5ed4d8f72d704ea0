// What the sinks for stacks share: everything that is no stack goes to standard error, as text. Internal to src/output.
#pragma once

#include <memory>
#include <span>

#include "output/sink.h"

namespace sonde::output {

class StackSink : public Sink {
 public:
  // `out` is for the subclass.
  StackSink(Writer& out, Writer& err, const SinkOptions& options)
      : out_(out), options_(options), text_(make_text_sink(err, err, options)) {}

  void attached(std::uint64_t probes) override { text_->attached(probes); }
  void pinned(std::string_view path) override { text_->pinned(path); }
  void printf(const plan::Format& format, const std::vector<Value>& arguments) override {
    text_->printf(format, arguments);
  }
  void value(const Value& value) override { text_->value(value); }
  void time(std::string_view text) override { text_->time(text); }
  void join(std::string_view text) override { text_->join(text); }
  void cat(std::string_view contents) override { text_->cat(contents); }
  void lost(const LostReport& report) override { text_->lost(report); }
  void warning(std::string_view text) override { text_->warning(text); }
  void tests(std::span<const TestResult> results) override { text_->tests(results); }
  void benchmarks(std::span<const Benchmark> results) override { text_->benchmarks(results); }
  void capture() override {
    out_.capture();
    text_->capture();
  }
  void release(bool show) override {
    out_.release(show);
    text_->release(show);
  }
  void flush() override {
    out_.flush();
    text_->flush();
  }
  void hold(bool held) override { text_->hold(held); }
  [[nodiscard]] bool broken() const override { return out_.error() != 0; }

 protected:
  Writer& out_;
  SinkOptions options_;
  std::unique_ptr<Sink> text_;
};

}  // namespace sonde::output
