// The text that a script printed, by lines, for the report: the beginning and the end if it is long.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "output/json_writer.h"

namespace sonde::output {

class ReportLog {
 public:
  static constexpr std::size_t kHeadBytes = std::size_t{1} << 20;
  static constexpr std::size_t kTailBytes = std::size_t{1} << 20;

  // `kind` (a literal) is what the page tells apart: "out", "time", "warning", "lost", "map" ... Text of one kind without a
  // newline goes on the same line. `at`: milliseconds.
  void append(double at, std::string_view kind, std::string_view text);

  // {"lines": [[at, kind, text], ...], "dropped": lines that are left out, "head": how many lines stand in front of them}
  void write(JsonWriter& json) const;

 private:
  struct Line {
    double at = 0;
    std::string_view kind;
    std::string text;
    bool is_open = false;  // No newline yet.
  };
  void add(Line line);
  [[nodiscard]] Line* last();

  std::vector<Line> head_;
  std::size_t head_bytes_ = 0;
  std::deque<Line> tail_;
  std::size_t tail_bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace sonde::output
