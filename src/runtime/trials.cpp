// --test and --bench.
#include <algorithm>
#include <vector>

#include "runtime/clock.h"
#include "runtime/tracer.h"

namespace sonde::runtime {
namespace {

constexpr int kWarmUp = 100;
constexpr int kBatch = 200;                        // Runs between two looks at the ring.
constexpr std::uint64_t kMeasuring = 200'000'000;  // ns
constexpr std::size_t kLeastBatches = 11;

std::string failure_of(std::uint32_t result, const Session& session) {
  if (session.errors != 0) return "it has reported an error";
  if (session.exit_code.value_or(0) != 0) return "exit code " + std::to_string(*session.exit_code);
  return result != 0 ? "it has returned a value other than 0" : "";
}

}  // namespace

void Tracer::forget_exit() {
  session_.exit_code.reset();
  object_.data().forget_exit();
  event_limit_ = UINT64_MAX;
}

// What a test prints is shown only if it fails.
Result<output::TestResult> Tracer::run_test(std::size_t program, const std::string& name) {
  forget_exit();
  session_.errors = 0;
  input_.sink.capture();
  const auto result = run_once(program);
  if (result) drain_to_the_end();
  output::TestResult test{name, result ? failure_of(*result, session_) : ""};
  input_.sink.release(!test.failure.empty());
  if (!result) return std::unexpected(result.error());
  return test;
}

// The median of the averages of many batches: interrupts and other tasks disturb few of them.
Result<output::Benchmark> Tracer::measure(std::size_t program, const std::string& name) {
  std::vector<std::int64_t> totals;
  const std::uint64_t end = boot_nanoseconds() + kMeasuring;
  for (int i = 0; i < kWarmUp; ++i) {
    if (const auto warm = run_once(program); !warm) return std::unexpected(warm.error());
  }
  while (!stopping_ && (totals.size() < kLeastBatches || boot_nanoseconds() < end)) {
    input_.sink.capture();
    std::int64_t total = 0;
    for (int i = 0; i < kBatch; ++i) {
      const auto taken = run_once(program);
      if (!taken) return std::unexpected(taken.error());
      total += static_cast<std::int32_t>(*taken);
    }
    totals.push_back(total);
    drain_to_the_end();
    forget_exit();
    input_.sink.release(false);
    if (auto waited = loop_.wait(0); !waited) return std::unexpected(waited.error());
  }
  std::ranges::sort(totals);
  const std::int64_t median = totals.empty() ? 0 : totals[totals.size() / 2];
  return output::Benchmark{
      name, static_cast<std::uint64_t>(std::max<std::int64_t>((median + kBatch / 2) / kBatch, 0))};
}

Result<int> Tracer::run_trials() {
  if (auto watched = watch_all(); !watched) return std::unexpected(watched.error());
  std::size_t count = 0;
  for (const plan::BpfProgram& program : manifest_.programs) count += program.attach_points.size();
  input_.sink.attached(count);
  std::vector<output::TestResult> tests;
  std::vector<output::Benchmark> benchmarks;
  const bool is_test = input_.options.purpose == Purpose::Tests;
  for (std::size_t i = 0; i < manifest_.programs.size(); ++i) {
    for (const plan::AttachPoint& point : manifest_.programs[i].attach_points) {
      if (auto waited = loop_.wait(0); !waited) return std::unexpected(waited.error());
      if (stopping_) return 1;
      if (is_test) {
        auto result = run_test(i, point.symbol);
        if (!result) return std::unexpected(result.error());
        tests.push_back(std::move(*result));
      } else {
        auto result = measure(i, point.symbol);
        if (!result) return std::unexpected(result.error());
        benchmarks.push_back(std::move(*result));
      }
    }
  }
  if (is_test) {
    input_.sink.tests(tests);
  } else {
    std::ranges::sort(benchmarks, {}, &output::Benchmark::name);
    input_.sink.benchmarks(benchmarks);
  }
  const auto failed = [](const output::TestResult& test) { return !test.failure.empty(); };
  return std::ranges::any_of(tests, failed) ? 1 : 0;
}

}  // namespace sonde::runtime
