// What a report has gathered so far. Part of report.h's implementation.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "output/report.h"
#include "output/report_log.h"
#include "output/report_maps.h"

namespace sonde::output {

class Report::Recorder {
 public:
  Recorder(ReportInfo info, Clock clock) : info_(std::move(info)), clock_(std::move(clock)) {}

  void attached(std::uint64_t probes);
  void text(std::string_view kind, std::string text);
  void map(const MapSnapshot& map, const MapPrintOptions& options);
  void exit_maps() { at_exit_ = true; }
  void lost(const LostReport& report);
  void tests(std::span<const TestResult> results);
  void benchmarks(std::span<const Benchmark> results);
  void capture() { captures_ = true; }
  void release(bool show);
  void ended();

  [[nodiscard]] bool has_started() const {
    return started_.has_value() || !tests_.empty() || !benchmarks_.empty();
  }
  [[nodiscard]] std::string data() const;

 private:
  // Milliseconds since the probes were attached; 0 before.
  [[nodiscard]] double now() const;
  // At once, or when captured results are released.
  void record(std::function<void()> step);
  void add_lost(const LostReport& report);
  void write_about(JsonWriter& json) const;
  void write_lost(JsonWriter& json) const;
  void write_tests(JsonWriter& json) const;

  ReportInfo info_;
  Clock clock_;
  std::optional<double> started_;
  std::optional<double> duration_;
  std::uint64_t probes_ = 0;
  bool at_exit_ = false;
  bool captures_ = false;
  std::vector<std::function<void()>> captured_;
  ReportLog log_;
  ReportMaps maps_;
  LostReport lost_;
  std::vector<TestResult> tests_;
  std::vector<Benchmark> benchmarks_;
};

}  // namespace sonde::output
