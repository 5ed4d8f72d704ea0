// Script text and places in it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
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
  [[nodiscard]] bool operator==(const Location&) const = default;
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

// Why a text is seen once more: the macro at whose call its nodes were copied.
struct Expansion {
  std::string macro;
  Location call;  // May itself lie in an expansion.
};

// All texts of one compilation. References stay valid while it lives.
class Sources {
 public:
  std::uint32_t add(std::string name, std::string text);
  // The text of source `of` under a new id, for the code that a macro call puts in its place: a location in it is one of
  // the macro's text and tells the call too. Every diagnostic there gets a note for each call that led to it.
  std::uint32_t add_expansion(std::uint32_t of, Expansion expansion);
  // The source; for an expansion the one whose text it shows.
  [[nodiscard]] const Source& get(std::uint32_t id) const { return sources_[entries_[id].source]; }
  // The id that add() gave to the text.
  [[nodiscard]] std::uint32_t origin(std::uint32_t id) const { return entries_[id].first_id; }
  // Null for a source that add() has made.
  [[nodiscard]] const Expansion* expansion(std::uint32_t id) const {
    const auto& found = entries_[id].expansion;
    return found ? &*found : nullptr;
  }
  // `where`, or the outermost call if it lies in an expansion: a place in a file.
  [[nodiscard]] Location outermost(Location where) const;
  // The first source of that name, or kNoSource.
  [[nodiscard]] std::uint32_t find(std::string_view name) const;
  [[nodiscard]] Position position(const Location& where) const;
  [[nodiscard]] std::string_view text(const Location& where) const;
  // "name:line:col-col", or "name:line:col" for a range of one byte; columns end inclusively.
  [[nodiscard]] std::string describe(const Location& where) const;

 private:
  struct Entry {
    std::uint32_t source = 0;  // Into sources_.
    std::uint32_t first_id = 0;
    std::optional<Expansion> expansion;
  };
  std::deque<Source> sources_;
  std::deque<Entry> entries_;
};

}  // namespace sonde::diag
