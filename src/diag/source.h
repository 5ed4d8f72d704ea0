// Script text and places in it.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace sonde::diag {

// A half-open byte range in one source. `source` indexes Sources; the default location means "nowhere in particular".
struct Location {
  static constexpr std::uint32_t kNoSource = UINT32_MAX;
  std::uint32_t source = kNoSource;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] bool valid() const { return source != kNoSource; }
  // The smallest range that covers both; both in the same source.
  [[nodiscard]] static Location join(const Location& a, const Location& b);
};

// One-based line and column (columns count bytes; a tab is one).
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Source {
  std::string name;  // What messages call it: a path as the user gave it, or "stdin".
  std::string text;
  [[nodiscard]] Position position(std::uint32_t offset) const;
  // The text of one-based `line`, without its newline.
  [[nodiscard]] std::string_view line(std::uint32_t number) const;
};

// All texts of one compilation. References stay valid while it lives.
class Sources {
 public:
  std::uint32_t add(std::string name, std::string text);
  [[nodiscard]] const Source& get(std::uint32_t id) const { return sources_[id]; }
  [[nodiscard]] Position position(const Location& where) const;
  [[nodiscard]] std::string_view text(const Location& where) const;
  // "name:line:col-col", or "name:line:col" for a range of one byte; columns end inclusively.
  [[nodiscard]] std::string describe(const Location& where) const;

 private:
  std::deque<Source> sources_;
};

}  // namespace sonde::diag
