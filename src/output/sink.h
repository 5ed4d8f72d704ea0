// Where results go. The runtime calls a sink; text and JSON are two of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/value.h"
#include "plan/manifest.h"

namespace sonde::output {

struct MapEntry {
  std::optional<Value> key;  // Empty for a scalar map. A TupleValue for several keys.
  Value value;
};

struct MapSnapshot {
  std::string name;  // "@reads"
  const types::Type* key_type = nullptr;
  const types::Type* value_type = nullptr;
  std::vector<MapEntry> entries;  // In no order: the sink sorts.
};

struct MapPrintOptions {
  std::uint64_t top = 0;      // Only the largest; 0 = all.
  std::uint64_t divisor = 0;  // Values are divided by it; 0 = not.
  // Sorted by value, then key, or by key alone.
  plan::Settings::MapsBy by = plan::Settings::MapsBy::Value;
  bool descending = false;
  // The map began anew after this (print() and clear() of one interval): what is printed next does not hold it.
  bool was_emptied = false;
};

// A warning or error of the run, in parts.
struct Message {
  bool is_error = false;
  std::string text;
  std::string place;  // "script.bt:1:9-62"; empty if it is none of the script's.
  std::string hint;   // May be empty.
};

// Begin and end of a run.
struct RunBegin {
  std::uint64_t time = 0;       // Nanoseconds since 1970.
  std::uint32_t child_pid = 0;  // Of -c, 0 without.
};
struct RunEnd {
  std::uint64_t time = 0;
  int exit_code = 0;
};

// Updates of one map that failed.
struct LostUpdates {
  std::string map;
  std::uint64_t full = 0;       // It had no room for another key.
  std::uint64_t no_memory = 0;  // The kernel had no memory at hand for one.
  std::uint64_t busy = 0;       // They came while another update was under way.
  [[nodiscard]] std::uint64_t all() const { return full + no_memory + busy; }
};

// Counts of what could not be delivered since the last report; reported when there are some, and at the end.
struct LostReport {
  std::uint64_t events = 0;  // The ring was full, or the program could not run.
  std::uint64_t stacks = 0;  // The map for stacks was full, or stacks could not be read.
  std::uint64_t calls =
      0;  // Of kernel functions, of any process, that the kernel could not follow.
  std::vector<LostUpdates> map_updates;
};
// What is said of LostReport::calls, behind their number.
inline constexpr std::string_view kLostCalls =
    "calls of kernel functions: too many were under way for the kernel to follow (those of all "
    "processes count)";

struct TestResult {
  std::string name;
  std::string failure;  // Why it has not passed; empty if it has.
};

struct Benchmark {
  std::string name;
  std::uint64_t nanoseconds = 0;  // Of one run.
};

class Sink {
 public:
  virtual ~Sink() = default;

  virtual void attached(std::uint64_t probes) = 0;  // "Attached 3 probes"
  virtual void pinned(std::string_view path) = 0;   // "Program pinned to /sys/fs/bpf/list"
  virtual void printf(const plan::Format& format, const std::vector<Value>& arguments) = 0;
  virtual void value(const Value& value) = 0;  // print(expression)
  virtual void map(const MapSnapshot& map,
                   const MapPrintOptions& options) = 0;  // print(@map), maps at exit
  // Called once before the maps that are printed at exit; text sets them apart from what came before.
  virtual void exit_maps() {}
  virtual void time(std::string_view text) = 0;  // time(), already formatted
  virtual void join(std::string_view text) = 0;  // join(), without newline
  virtual void cat(std::string_view contents) = 0;
  virtual void lost(const LostReport& report) = 0;
  // A located warning at run time (failed helper with -k), already rendered.
  virtual void warning(std::string_view text) = 0;
  // The same in parts, before it is shown; and what ends the run with an error, which the caller shows.
  virtual void message(const Message&) {}
  virtual void begin(const RunBegin&) {}
  virtual void end(const RunEnd&) {}
  virtual void tests(std::span<const TestResult> results) = 0;      // --test
  virtual void benchmarks(std::span<const Benchmark> results) = 0;  // --bench
  // From capture() on all is kept back, until release() shows it or forgets it.
  virtual void capture() = 0;
  virtual void release(bool show) = 0;
  virtual void flush() = 0;
  // Between hold(true) and hold(false) many results come at once: lines may wait until then.
  virtual void hold(bool) {}
  // A write has failed: nobody reads the results any more, and the runtime ends.
  [[nodiscard]] virtual bool broken() const { return false; }
};

enum class Buffering : std::uint8_t { None, Line, Full };

// Bytes to a descriptor with -B's buffering. A failed write is remembered: see error().
class Writer {
 public:
  Writer(int fd, Buffering buffering);
  ~Writer();  // Flushes.
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  void write(std::string_view bytes);
  void flush();
  // While held, -B line gathers lines like -B full; letting go writes the complete ones.
  void hold(bool held);
  // As in Sink.
  void capture() { captures_ = true; }
  void release(bool show);
  [[nodiscard]] int error() const { return error_; }  // errno of the first failed write, 0 if none.

 private:
  void write_lines();

  int fd_;
  Buffering buffering_;
  bool held_ = false;
  bool captures_ = false;
  std::string captured_;
  std::string pending_;
  int error_ = 0;
};

struct SinkOptions {
  bool quiet = false;  // -q: no "Attached ..." line.
  bool escape =
      false;  // Text: control characters in what was traced are shown, see output/escape.h.
  bool escape_stacks = false;      // The same of folded stacks, whose descriptor is another.
  bool json_full = false;          // JSON: more than bpftrace writes, see docs/json.md.
  bool json_stack_frames = false;  // See plan::Settings.
};

// bpftrace's text layout. `out` for results, `err` for warnings and lost events; both outlive the sink.
[[nodiscard]] std::unique_ptr<Sink> make_text_sink(Writer& out, Writer& err, SinkOptions options);
// One JSON object a line: {"type": "printf", "data": ...}.
[[nodiscard]] std::unique_ptr<Sink> make_json_sink(Writer& out, Writer& err, SinkOptions options);

// Stacks for other programs: the maps that have stacks in their keys, see output/profile.h. Everything else goes to `err`, as text.
// "main;work;read 12", a line for each stack, as tools that draw flame graphs read them.
[[nodiscard]] std::unique_ptr<Sink> make_folded_sink(Writer& out, Writer& err, SinkOptions options);
// One profile for pprof (profile.proto, gzip), written by flush() after the maps that are printed at exit.
[[nodiscard]] std::unique_ptr<Sink> make_pprof_sink(Writer& out, Writer& err, SinkOptions options);

// One value as text, as print() and "%s" show it.
[[nodiscard]] std::string to_text(const Value& value);
// printf. With `escape` control characters in the values, not in the format, are shown as \xNN.
[[nodiscard]] std::string format(const plan::Format& format, const std::vector<Value>& arguments,
                                 bool escape = false);

}  // namespace sonde::output
