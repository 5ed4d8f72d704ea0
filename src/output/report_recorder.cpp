#include "output/report_recorder.h"

#include <fmt/format.h>

#include <algorithm>

namespace sonde::output {

double Report::Recorder::now() const { return started_ ? clock_() - *started_ : 0; }

void Report::Recorder::record(std::function<void()> step) {
  if (captures_) {
    captured_.push_back(std::move(step));
  } else {
    step();
  }
}

void Report::Recorder::release(bool show) {
  captures_ = false;
  const auto captured = std::exchange(captured_, {});
  if (!show) return;
  for (const auto& step : captured) step();
}

void Report::Recorder::attached(std::uint64_t probes) {
  probes_ = probes;
  started_ = clock_();
}

void Report::Recorder::ended() {
  if (!duration_) duration_ = now();
}

void Report::Recorder::text(std::string_view kind, std::string text) {
  record([this, at = now(), kind, text = std::move(text)] { log_.append(at, kind, text); });
}

void Report::Recorder::map(const MapSnapshot& map, const MapPrintOptions& options) {
  const auto keys = info_.keys.find(map.name);
  const auto names = keys != info_.keys.end() ? keys->second : std::vector<std::string>{};
  const auto add = [=, this, at = now(), at_exit = at_exit_](const MapSnapshot& snapshot) {
    maps_.add(at, snapshot, options, at_exit, names);
    if (!at_exit) log_.append(at, "map", snapshot.name + "\n");
  };
  if (captures_) {
    record([add, map] { add(map); });
  } else {
    add(map);  // Without a copy.
  }
}

void Report::Recorder::lost(const LostReport& report) {
  record([this, report] { add_lost(report); });
}

void Report::Recorder::add_lost(const LostReport& report) {
  lost_.events += report.events;
  lost_.stacks += report.stacks;
  lost_.calls += report.calls;
  for (const LostUpdates& lost : report.map_updates) {
    const auto known = std::ranges::find(lost_.map_updates, lost.map, &LostUpdates::map);
    if (known == lost_.map_updates.end()) {
      lost_.map_updates.push_back(lost);
    } else {
      known->full += lost.full;
      known->no_memory += lost.no_memory;
      known->busy += lost.busy;
    }
  }
  const auto line = [this](std::uint64_t count, std::string_view what) {
    if (count > 0) log_.append(now(), "lost", fmt::format("Lost {} {}\n", count, what));
  };
  line(report.events, "events");
  line(report.stacks, "stacks");
  line(report.calls, kLostCalls);
  for (const LostUpdates& lost : report.map_updates) line(lost.all(), "updates of " + lost.map);
}

void Report::Recorder::tests(std::span<const TestResult> results) {
  tests_.assign(results.begin(), results.end());
  ended();
}

void Report::Recorder::benchmarks(std::span<const Benchmark> results) {
  benchmarks_.assign(results.begin(), results.end());
  ended();
}

void Report::Recorder::write_about(JsonWriter& json) const {
  const std::pair<std::string_view, const std::string*> texts[] = {
      {"version", &info_.version},      {"name", &info_.script_name}, {"script", &info_.script},
      {"command", &info_.command_line}, {"host", &info_.host},        {"system", &info_.system},
      {"started", &info_.started}};
  json.open('{');
  for (const auto& [name, text] : texts) {
    json.name(name);
    json.string(*text);
  }
  json.name("duration");
  json.milliseconds(duration_.value_or(now()));
  json.name("probes");
  json.number(probes_);
  json.close('}');
}

void Report::Recorder::write_lost(JsonWriter& json) const {
  json.open('{');
  json.name("events");
  write_number(json, lost_.events);
  json.name("stacks");
  write_number(json, lost_.stacks);
  json.name("calls");
  write_number(json, lost_.calls);
  json.name("maps");
  json.open('[');
  for (const LostUpdates& lost : lost_.map_updates) {
    json.open('[');
    json.string(lost.map);
    write_number(json, lost.all());
    json.close(']');
  }
  json.close(']');
  json.close('}');
}

// [["test", name, result, reason] or ["benchmark", name, nanoseconds], ...]
void Report::Recorder::write_tests(JsonWriter& json) const {
  json.open('[');
  for (const TestResult& test : tests_) {
    json.open('[');
    json.string("test");
    json.string(test.name);
    json.string(test.failure.empty() ? "passed" : "failed");
    json.string(test.failure);
    json.close(']');
  }
  for (const Benchmark& bench : benchmarks_) {
    json.open('[');
    json.string("benchmark");
    json.string(bench.name);
    write_number(json, bench.nanoseconds);
    json.close(']');
  }
  json.close(']');
}

std::string Report::Recorder::data() const {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.name("about");
  write_about(json);
  json.name("lost");
  write_lost(json);
  json.name("tests");
  write_tests(json);
  json.name("log");
  log_.write(json);
  json.name("frames");
  maps_.write_frames(json);
  json.name("maps");
  maps_.write(json);
  json.close('}');
  return out;
}

}  // namespace sonde::output
