// What a run showed, kept for a page: sonde --report. The page is one HTML file that needs nothing but itself.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "output/sink.h"

namespace sonde::output {

// What the page says of the run besides its results. Strings may hold any bytes.
struct ReportInfo {
  std::string version;      // Of sonde.
  std::string script_name;  // The path, or "stdin".
  std::string script;       // Its text.
  std::string command_line;
  std::string host;
  std::string system;   // "Linux 6.18.0 x86_64"
  std::string started;  // "2026-11-21 14:03:27 +0100"
  // What the script writes between the brackets of a map: {"@reads", {"pid", "comm"}}.
  std::map<std::string, std::vector<std::string>> keys;
};

// Gathers results in memory, within limits (docs/report.md), and makes the page from them.
class Report {
 public:
  // The time in milliseconds, of a clock that never goes back.
  using Clock = std::function<double()>;

  Report(ReportInfo info, Clock clock);
  ~Report();
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  // Shows all in `shown` and keeps it. The sink outlives neither of the two.
  [[nodiscard]] std::unique_ptr<Sink> sink(Sink& shown);
  // Something was traced, or tests have run: there is something to show.
  [[nodiscard]] bool has_started() const;
  [[nodiscard]] std::string page() const;
  // The JSON object that the page shows.
  [[nodiscard]] std::string data() const;

 private:
  class Recorder;
  class Tee;
  std::unique_ptr<Recorder> recorder_;
};

}  // namespace sonde::output
