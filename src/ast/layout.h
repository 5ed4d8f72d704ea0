// Breaks text into lines of at most kLineWidth columns. The writer says where a line may end and what belongs together;
// render() decides. After Oppen's "Pretty Printing": one pass to measure, one to print, linear in the length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sonde::ast {

inline constexpr std::size_t kLineWidth = 100;

class Layout {
 public:
  // How a place between two texts may become the end of a line.
  enum class Break : std::uint8_t {
    Fill,        // If what follows up to the next break of the same group does not fit.
    Tight,       // If what follows up to the next break of any group does not fit.
    Consistent,  // If the group does not fit on one line.
    Hard,        // Always.
    Blank,       // Always, with an empty line.
    Verbatim,    // Always, without indentation.
  };
  // Where the lines of a group begin.
  enum class Indent : std::uint8_t {
    Same,     // As around it.
    Base,     // As the statement around it, not as the rest of its lines.
    Block,    // Two columns further.
    Further,  // Four columns further: the rest of a statement.
    Align,    // At the column where the group begins.
    Bracket,  // The same, or, if the group is too wide for that, on a new line four columns further than the line before.
  };

  // Texts are kept by reference.
  void text(std::string_view text);
  // A comment behind the last text of a line. Does not count when a line is measured. Those of neighbouring lines are
  // aligned, but for comments behind braces.
  void trailing(std::string_view comment);
  // `space`: what is printed if the line does not end here.
  void line_break(Break kind, bool space);
  void open(Indent indent);
  void close();

  [[nodiscard]] std::string render();

 private:
  enum class Kind : std::uint8_t { Text, Trailing, Break, Open, Close };
  struct Item {
    Kind kind;
    Break break_kind = Break::Hard;
    Indent indent = Indent::Same;
    bool space = false;
    std::string_view text;
    std::size_t partner = 0;  // Open: its Close. A break: the next break or the end of the group.
    std::size_t width =
        0;  // Columns on one line. Open: of the group. A break: of what follows up to `partner`.
    std::size_t chunk = 0;  // Open: of the widest part between two breaks of the group.
  };
  struct Group {
    std::size_t indent;
    bool flat;
    bool further = false;  // Its lines are indented already.
  };
  struct Trailer {
    std::size_t offset;  // Into `out_`, where the comment begins.
    std::size_t column;
    std::size_t line;
    std::size_t width;
    bool aligned;  // With those of the neighbouring lines.
  };
  class Measure;

  [[nodiscard]] bool fits(std::size_t width) const { return column_ + width <= kLineWidth; }
  void render_open(std::size_t at);
  void render_break(const Item& item);
  void render_text(std::string_view text);
  void new_line(std::size_t indent);
  [[nodiscard]] std::size_t end_of_run(std::size_t first) const;
  void align_trailers();

  std::vector<Item> items_;
  std::vector<std::size_t> tail_;  // Columns from an item up to the next break.
  std::vector<Group> groups_;
  std::vector<Trailer> trailers_;
  std::string out_;
  std::size_t column_ = 0;
  std::size_t line_ = 0;
  std::size_t owed_ = 0;  // Spaces to be printed before the next text.
};

// Columns of a text: one for each code point.
[[nodiscard]] std::size_t text_width(std::string_view text);

}  // namespace sonde::ast
